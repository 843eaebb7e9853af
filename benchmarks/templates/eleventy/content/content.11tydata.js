export default {
  site: {
    title: "Benchmark",
    description: "Stories made by a program.",
    url: "https://benchmark.example",
  },
};
