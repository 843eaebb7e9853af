export default { tags: ["author"], permalink: false };
