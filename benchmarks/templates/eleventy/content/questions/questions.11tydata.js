export default {
  layout: "question.njk",
  tags: ["question"],
  permalink: (data) => `/questions/${data.page.fileSlug}/`,
};
