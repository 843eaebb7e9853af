export default { tags: ["paper"], permalink: false };
