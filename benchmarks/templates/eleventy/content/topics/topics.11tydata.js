export default { tags: ["topic"], permalink: false };
