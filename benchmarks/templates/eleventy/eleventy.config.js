// Settings of the Eleventy site: the collections that lead from entries to one another.

const PER_PAGE = 50;

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const monthOfYear = new Intl.DateTimeFormat("en-GB", {
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

export default function (eleventyConfig) {
  const newest = (kind) => (api) => api.getFilteredByTag(kind).reverse();
  eleventyConfig.addCollection("stories", newest("story"));
  eleventyConfig.addCollection("questions", newest("question"));
  for (const kind of ["question", "topic", "paper", "author"]) {
    eleventyConfig.addCollection(`${kind}BySlug`, (api) => bySlug(api.getFilteredByTag(kind)));
  }

  const storiesBy = (slugs) => (api) => grouped(newest("story")(api), slugs);
  const withTopic = (entry) => entry.data.topics;
  const withPaper = (entry) => new Set(entry.data.sources.map((source) => source.paper));
  const withAuthor = (entry) => entry.data.authors;
  eleventyConfig.addCollection("storiesByQuestion", storiesBy((entry) => entry.data.questions));
  eleventyConfig.addCollection("storiesByTopic", storiesBy(withTopic));
  eleventyConfig.addCollection("storiesByPaper", storiesBy(withPaper));
  eleventyConfig.addCollection("storiesByAuthor", storiesBy(withAuthor));
  eleventyConfig.addCollection("questionsByTopic", (api) =>
    grouped(newest("question")(api), withTopic),
  );

  // One page of a list is one item to paginate over.
  const lists = { topic: withTopic, paper: withPaper, author: withAuthor };
  for (const [kind, slugs] of Object.entries(lists)) {
    eleventyConfig.addCollection(`${kind}Pages`, (api) =>
      paged(api.getFilteredByTag(kind), storiesBy(slugs)(api)),
    );
  }

  eleventyConfig.addFilter("iso", (date) => date.toISOString());
  eleventyConfig.addFilter("day", (date) => day.format(date));
  eleventyConfig.addFilter("rfc822", (date) => date.toUTCString());
  eleventyConfig.addFilter("months", byMonth);
  eleventyConfig.addFilter("first", (list, count) => list.slice(0, count));

  return {
    dir: { input: "content", includes: "../_includes" },
    markdownTemplateEngine: false,
  };
}

function bySlug(entries) {
  return Object.fromEntries(entries.map((entry) => [entry.fileSlug, entry]));
}

function grouped(entries, slugs) {
  const groups = {};
  for (const entry of entries) {
    for (const slug of slugs(entry)) (groups[slug] ??= []).push(entry);
  }
  return groups;
}

function paged(entries, groups) {
  return entries.flatMap((entry) => {
    const stories = groups[entry.fileSlug] ?? [];
    const count = Math.max(1, Math.ceil(stories.length / PER_PAGE));
    return Array.from({ length: count }, (_, index) => ({
      entry,
      stories: stories.slice(index * PER_PAGE, (index + 1) * PER_PAGE),
      number: index + 1,
      count,
    }));
  });
}

function byMonth(stories) {
  const months = [];
  for (const story of stories) {
    const name = monthOfYear.format(story.date);
    if (months.at(-1)?.name !== name) months.push({ name, stories: [] });
    months.at(-1).stories.push(story);
  }
  return months;
}
