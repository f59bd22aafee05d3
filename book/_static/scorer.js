// What a search puts first: the page that explains the word asked for, then core pages before
// pages in depth, and those before the reference.
var Scorer = {
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,

  plain: function (word) {
    const letters = word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
    return letters.length > 3 ? letters.replace(/s$/, "") : letters;
  },

  score: function (result) {
    const [page, , anchor, , score] = result;
    const asked = new URLSearchParams(window.location.search).get("q") || "";
    const words = window.searchWords || {};
    if (words[Scorer.plain(asked)] === page) {
      return score + (anchor ? 1000 : 2000);
    }
    return page.startsWith("book/reference/") ? score / 4 : score;
  },
};
