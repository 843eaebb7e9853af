"""Every diagnostic code: what it means, an example that causes it, and how to mend it.

One code per cause. `explainer explain CODE`, `docs/diagnostics.md` and the cases under
`tests/cases/` are all held against this list by a test.
"""

from __future__ import annotations

from typing import Literal, NamedTuple


class Code(NamedTuple):
    """What a code stands for."""

    title: str
    """A few words that name the cause."""

    meaning: str
    """What went wrong and how to mend it, in plain sentences."""

    example: str
    """A snippet of input that causes it."""

    severity: Literal["error", "warning"] = "error"
    """Errors end a run with exit code 1; warnings do so with `--strict` only."""


FAMILIES = {
    "1": "Files and YAML",
    "2": "References",
    "3": "Keys and values",
    "4": "Prose and sections",
    "5": "URLs",
    "6": "site.toml",
    "7": "Themes and templates",
    "8": "Output",
}
"""What the first digit of a code tells."""

CODES: dict[str, Code] = {
    # -- files and YAML ----------------------------------------------------------------------
    "E101": Code(
        "not UTF-8",
        "The file holds bytes that are not UTF-8 text. Save it again as UTF-8 in your editor.",
        "a file saved as Latin-1 that contains “café”",
    ),
    "E102": Code(
        "control character",
        "The file holds a character that no feed or page may carry, such as a null or a bell. "
        "It usually comes from pasting out of another program: delete it.",
        "title: A headline with U+0008 in it",
    ),
    "E103": Code(
        "file too large",
        "Files of text may have 2 MiB at most, and no more than 100,000 YAML values. "
        "Cut the entry in two, or keep data in a file beside it and link that.",
        "a Markdown file of 3 MiB",
    ),
    "E104": Code(
        "link leads out of its folder",
        "A symbolic link in content/ or static/ leads to a file outside that folder, nowhere, or "
        "round in a circle. Such a link could publish a private file. Copy the file instead.",
        "content/stories/passwd.md -> /etc/passwd",
    ),
    "E105": Code(
        "file cannot be read",
        "The file is a pipe or a device, its name is not UTF-8, or its permissions keep it from "
        "being read.",
        "a named pipe in content/stories/",
    ),
    "E106": Code(
        "unknown folder in content",
        "Entries live in content/stories, questions, topics, papers, authors and pages: the "
        "folder decides the kind. An entry elsewhere would never be seen.",
        "content/storys/x.md",
    ),
    "E107": Code(
        "file name is no slug",
        "The file's name becomes part of a URL: letters and digits of any script, hyphens and "
        "underscores. Rename the file, or give the entry a `slug`.",
        "content/topics/What's new?.md",
    ),
    "E108": Code(
        "reserved name",
        "Windows cannot hold a folder of this name (con, prn, aux, nul, com1 to com9, lpt1 to "
        "lpt9), so the site could not be checked out or copied there. Take another slug.",
        "content/topics/nul.md",
    ),
    "E109": Code(
        "entry given twice",
        "Two files are the same entry: x.md beside x.yaml, or the same slug in two sub-folders. "
        "Delete one, or give one another slug.",
        "content/topics/china.md and content/topics/china.yaml",
    ),
    "E110": Code(
        "no front matter",
        "A Markdown entry starts with YAML front matter between two lines of three hyphens.",
        "A file that starts with its first sentence",
    ),
    "E111": Code(
        "front matter not closed",
        "The line of three hyphens that ends the front matter is missing.",
        "---\ntitle: A headline\n\nThe prose …",
    ),
    "E112": Code(
        "YAML syntax",
        "The text is not valid YAML at this place. Common causes: a colon followed by a space "
        "inside a value (put the value in quotes), wrong indentation, a quote that is not closed.",
        "title: China: a second look",
    ),
    "E113": Code(
        "key given twice",
        "A mapping holds the same key twice. YAML would silently keep the last one.",
        "title: One\ntitle: Two",
    ),
    "E114": Code(
        "YAML alias or anchor",
        "Anchors (&x) and aliases (*x) are not allowed. Write the value out; put a value that "
        "starts with & or * in quotes.",
        "title: *headline",
    ),
    "E115": Code(
        "YAML tag",
        "Tags (!x) are not allowed. Put a value that starts with ! in quotes.",
        "title: !important A headline",
    ),
    "E116": Code(
        "nested too deep",
        "YAML may be nested 50 levels deep at most.",
        "title: [[[[[[ … ]]]]]]",
    ),
    "E117": Code(
        "not a map of keys",
        "The front matter, or the YAML file, must be one map of `key: value` lines.",
        "---\n- title\n---",
    ),
    # -- references --------------------------------------------------------------------------
    "E201": Code(
        "unknown target",
        "No entry of that kind has this slug. The slug is the file's name without its ending, or "
        "the entry's own `slug`.",
        "topics: [nvda]",
    ),
    "E202": Code(
        "reference to a draft",
        "The target is a draft and so not part of the site. Publish it first, take the reference "
        "out, or build with --drafts.",
        "questions: [a-question-with-draft-true]",
    ),
    "E203": Code(
        "reference to an embargoed entry",
        "The target's `publish_at` is still to come, so the link would lead nowhere and give the "
        "embargo away. Wait, or give this entry the same `publish_at`.",
        "[the ruling](story:not-yet-published)",
    ),
    "W204": Code(
        "reference to an expired entry",
        "The target has expired: its page still answers, but lists no longer show it. Point to "
        "something newer if there is such a thing.",
        "follows: [a-story-that-expired]",
        "warning",
    ),
    "E205": Code(
        "unknown section",
        "The target has no heading with this id.",
        "[how it began](story:china-ai-chips#backgrund)",
    ),
    "E206": Code(
        "unknown kind of reference",
        "References are written `kind:slug`, where the kind is story, question, topic, paper, "
        "author, page or source.",
        "[Nvidia](topik:nvidia)",
    ),
    "E207": Code(
        "unknown source",
        "`source:id` names an entry of this file's own `sources` list by its id.",
        "[the paper](source:scmp-9)",
    ),
    "E208": Code(
        "no such page",
        "The link is a URL of this site, and nothing is published there. Prefer `kind:slug`, "
        "which stays right when URLs change.",
        "[archive](/storys/)",
    ),
    "E209": Code(
        "no such file",
        "The link names a file beside the entry, and it is not there. Paths start at the entry's "
        "own folder; upper and lower case count.",
        "![A map](mapp.png)",
    ),
    "E210": Code(
        "link scheme not allowed",
        "Links may start with https:, http:, mailto: or tel:. Others (javascript:, data:, file:) "
        "could run code in the reader's browser or lead nowhere.",
        "[click](javascript:alert(1))",
    ),
    "E211": Code(
        "picture from another host",
        "Readers load nothing from third parties. Keep the picture beside the entry and name "
        "the file.",
        "![A chip](https://elsewhere.example/chip.jpg)",
    ),
    "E212": Code(
        "stories follow each other in a loop",
        "`follows` names earlier stories. Here the chain comes back to where it began.",
        "a.md: follows: [b]\nb.md: follows: [a]",
    ),
    "E213": Code(
        "file out of reach",
        "The path leads out of content/, or names an entry. Files are published from content/ "
        "only; for an entry write `kind:slug`.",
        "[notes](../../private.txt)",
    ),
    "E214": Code(
        "file that would run in the browser",
        "HTML pages and scripts beside an entry are not published: they would run as part of your "
        "site, and content may come from strangers. Put what you trust into static/.",
        "[a chart](chart.html)",
    ),
    "E215": Code(
        "not a picture",
        "The file holds something else than a picture that browsers show. JPEG, PNG, WebP, AVIF, "
        "GIF and SVG are published; save what comes from a telephone (HEIC) or a scanner (TIFF) "
        "as a JPEG.",
        "![The bridge](bridge.tiff)",
    ),
    "E216": Code(
        "broken picture",
        "The picture cannot be read to its end: it is empty, was cut off when it was copied, or "
        "was damaged. Save it again, and look at it before you commit it.",
        "a JPEG whose second half is missing",
    ),
    "E217": Code(
        "picture with too many pixels",
        "A picture may have 50 million pixels, about 8,600 by 5,800. It is shown at most 1,920 "
        "pixels wide, and a small file can hold more pixels than a computer has room for.",
        "a PNG of 65,000 by 65,000 pixels",
    ),
    "E218": Code(
        "picture file too large",
        "The file of a picture may have 50 MB, an SVG 10 MiB and 200,000 elements. Save a smaller "
        "copy: git keeps every version of it for ever.",
        "a JPEG of 60 MB",
    ),
    "E219": Code(
        "SVG that could run",
        "A reader can open an SVG as a page of its own, and what is in it runs then: scripts, "
        "event handlers (`onload=…`), `javascript:` links, HTML in `<foreignObject>`. Save the "
        "drawing as plain SVG.",
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    ),
    "E220": Code(
        "SVG that loads something",
        "The drawing names another file or host: a picture, a font, a style sheet. Readers load "
        "nothing from third parties, and as a picture an SVG loads nothing at all. Embed what it "
        "needs.",
        '<image href="https://elsewhere.example/x.png"/>',
    ),
    "E221": Code(
        "SVG with a document type",
        "A document type can declare entities, with which a small file grows without end. "
        "No browser needs it: delete the line that begins with `<!DOCTYPE`.",
        "<!DOCTYPE svg PUBLIC …>",
    ),
    "E222": Code(
        "picture with a wrong ending",
        "The content of the file is another sort of picture than its name says. Servers go by the "
        "name, and browsers are told not to guess: rename the file.",
        "a PNG file that is called map.jpg",
    ),
    "W223": Code(
        "picture without words",
        "The words between the square brackets are read to people who do not see the picture. "
        'Say what it shows. A picture that is mere decoration has two quotes there: `![""](…)`.',
        "![](bridge.jpg)",
        "warning",
    ),
    # -- keys and values ---------------------------------------------------------------------
    "E301": Code(
        "unknown key",
        "Entries of this kind have no such key. Keys that were ignored would be missed by no "
        "one until it is too late.",
        "sumary: In short …",
    ),
    "E302": Code(
        "missing key",
        "A required key is missing.",
        "a story without `title`",
    ),
    "E303": Code(
        "wrong type",
        "The value has another form than the key asks for: a list where one text is wanted, say.",
        "topics: nvidia",
    ),
    "E304": Code(
        "value not allowed",
        "The key takes one of a fixed set of values.",
        "kind: company",
    ),
    "E305": Code(
        "not a date",
        "Dates are written 2025-09-19, with a time 2025-09-19T10:00 and, if it is not the "
        "site's own zone, with a zone: 2025-09-19T10:00:00Z. Events may have just a year or a "
        "month.",
        "date: 19 September",
    ),
    "E306": Code(
        "text too long",
        "Cards and search results have room for a summary of 300 characters.",
        "summary: (a text of 400 characters)",
    ),
    "E307": Code(
        "not a web address",
        "The value must be a full address that starts with https:// or http://.",
        "url: www.example.com",
    ),
    "E308": Code(
        "id given twice",
        "Two sources of this entry have the same id, so a citation could mean either.",
        "sources: [{id: a, paper: x}, {id: a, paper: y}]",
    ),
    "E309": Code(
        "empty value",
        "The key is there, but nothing is behind it.",
        "title:",
    ),
    "W310": Code(
        "listed twice",
        "The same name stands twice in one list. It is shown once.",
        "topics: [china, china]",
        "warning",
    ),
    "E311": Code(
        "unknown language or country",
        "Languages are written as BCP 47 tags (en, zh-Hans), countries as two letters of "
        "ISO 3166-1 (GB, CN).",
        "language: english",
    ),
    "E312": Code(
        "not an id",
        "Ids are letters, digits, hyphens, underscores and dots, without spaces.",
        "sources: [{id: south china, paper: scmp}]",
    ),
    "W313": Code(
        "dates in the wrong order",
        "The entry was updated, or expires, before it was published.",
        "date: 2025-09-19\nupdated: 2025-09-01",
        "warning",
    ),
    # -- prose and sections ------------------------------------------------------------------
    "E401": Code(
        "section missing",
        "site.toml asks every story for this section.",
        "a story without “What's happened”",
    ),
    "E402": Code(
        "section title misspelt",
        "The heading is almost the title of a section. Write the title as site.toml has it, or "
        "give the heading that id: `## Your words {#happened}`. A heading that really means "
        "something else gets an id of its own.",
        "## Whats hapened",
    ),
    "E403": Code(
        "section given twice",
        "The same section stands twice in one entry.",
        "## What's happened … ## What's happened",
    ),
    "E404": Code(
        "section without title",
        "A section that site.toml does not know needs a title: `{title: …, text: …}`.",
        "sections:\n  aftermath: Text without a title.",
    ),
    "E405": Code(
        "heading id given twice",
        "Two headings of one entry have the same explicit id, so a link could mean either.",
        "## One {#a} … ## Two {#a}",
    ),
    "W406": Code(
        "raw HTML",
        "HTML in prose is shown as text, not used. Markdown has a form for nearly everything.",
        "A <b>bold</b> claim.",
        "warning",
    ),
    "E407": Code(
        "prose given twice",
        "An entry has its prose in one place: `body`, `sections` or `answers`, or below the "
        "front matter of a Markdown file.",
        "body: Text.\nsections: {happened: Text.}",
    ),
    "E408": Code(
        "section leaves something open",
        "The text of this section opens a code fence or the like and never closes it, so the "
        "sections after it would be swallowed.",
        "sections:\n  happened: |\n    ```\n    code",
    ),
    "E409": Code(
        "unknown footnote",
        "The text refers to a footnote that is written nowhere: add a line `[^1]: …`.",
        "A claim.[^1]",
    ),
    "E410": Code(
        "section is empty",
        "There is a heading, but nothing below it. Write the section or take the heading out.",
        "## What's happened\n\n## How we got here\n\nText.",
    ),
    "W411": Code(
        "first-level heading",
        "The page's title is its only first-level heading, so this one is taken for a section. "
        "Write it with two hash signs.",
        "# A heading in the prose",
        "warning",
    ),
    "E412": Code(
        "heading without words",
        "Readers and tables of contents find a section by its heading, so a heading has words; a "
        "picture in it counts with its alternative text.",
        "##\n\nText.",
    ),
    # -- URLs --------------------------------------------------------------------------------
    "E501": Code(
        "two pages, one URL",
        "Two entries, or an entry and a page that is made by itself, would be published at the "
        "same URL. Give one another slug or permalink.",
        "content/pages/stories.md beside the archive /stories/",
    ),
    "E502": Code(
        "URLs that differ in case or accents only",
        "The two URLs differ only in upper and lower case, or in how accents are encoded. Many "
        "disks and servers take them for one.",
        "content/topics/China.md and content/topics/china.md",
    ),
    "E503": Code(
        "alias hits a page",
        "The alias is the URL of a page, or of another alias.",
        "aliases: [/topics/china/]",
    ),
    "E504": Code(
        "alias of itself",
        "The alias is the URL that the entry has anyway.",
        "aliases: [/stories/china-ai-chips/] in china-ai-chips.md",
    ),
    "E505": Code(
        "alias is no path",
        "An alias is a path of this site: it starts with a slash, has no `..`, and its parts are "
        "made of letters, digits, hyphens, underscores and dots.",
        "aliases: [../../etc/passwd]",
    ),
    "E506": Code(
        "empty slug",
        "Nothing is left of the name that a URL could be made of. Give the entry a `slug`.",
        "content/stories/2025-09-19-.md",
    ),
    "E507": Code(
        "not a slug",
        "A slug is made of letters and digits of any script, hyphens and underscores; no "
        "slashes, dots or spaces.",
        "slug: ../../index",
    ),
    # -- site.toml ---------------------------------------------------------------------------
    "E601": Code(
        "no site.toml",
        "There is no site here: a site is a folder with a site.toml. `explainer init DIR` "
        "makes one, `-C DIR` names another folder.",
        "explainer build in an empty folder",
    ),
    "E602": Code(
        "TOML syntax",
        "site.toml is not valid TOML at this place.",
        'title = "The Daily',
    ),
    "E603": Code(
        "unknown setting",
        "site.toml knows no such key.",
        '[site]\ntitel = "The Daily Explainer"',
    ),
    "E604": Code(
        "missing setting",
        "Only `title` and `base_url` of [site] are required.",
        "[site] without base_url",
    ),
    "E605": Code(
        "wrong setting",
        "The setting has the wrong type, or a value that makes no sense.",
        'page_size = "many"',
    ),
    "E606": Code(
        "wrong permalink pattern",
        "A pattern starts and ends with a slash, has {slug} in it, and may use {year}, {month} "
        "and {day} for kinds that have a date.",
        'story = "/stories/{slig}/"',
    ),
    "E607": Code(
        "no such theme",
        "The theme is neither in the site's themes/ folder nor one of ours.",
        'theme = "gazete"',
    ),
    "W608": Code(
        "no such logo",
        "`publisher.logo` names a file that is not in static/, so pages go without a logo.",
        'publisher = { logo = "lgo.svg" }',
        "warning",
    ),
    "W609": Code(
        "no such font",
        "`fonts` in [cards] names a file that is not there, so social cards go without. It is "
        "looked for beside site.toml.",
        'fonts = ["fonts/NotoSerifCS.ttf"]',
        "warning",
    ),
    # -- themes ------------------------------------------------------------------------------
    "E701": Code(
        "wrong theme.toml",
        "theme.toml is not valid TOML, or holds a key or a value that it may not hold.",
        '[settings.accent]\ntype = "colour"',
    ),
    "E702": Code(
        "template syntax",
        "Jinja cannot read the template at this line.",
        "{% if page.title %} without {% endif %}",
    ),
    "E703": Code(
        "template failed",
        "The template asks for something that is not there. docs/themes lists all that a "
        "template is given.",
        "{{ page.titel }}",
    ),
    "E704": Code(
        "template missing",
        "No theme of the chain has a template of this name.",
        '{% include "partials/crad.html" %}',
    ),
    "E705": Code(
        "asset missing",
        "No theme of the chain has this file under assets/.",
        '{{ asset("styl.css") }}',
    ),
    "E706": Code(
        "template name not fixed",
        "The name of a template that is extended, included or imported must be written out, so "
        "that it is known beforehand what each page is made of.",
        "{% include page.kind ~ '.html' %}",
    ),
    "E707": Code(
        "font cannot be used",
        "Social cards are set in TrueType or OpenType fonts (.ttf, .otf). Web fonts can be made "
        "into such: `fonttools ttLib.woff2 decompress FILE`. A collection (.ttc) has to be taken "
        "apart.",
        "a file fonts/noto.ttf that is a WOFF2",
    ),
    "E708": Code(
        "social card is no picture",
        "What social-card.svg gives has to be an SVG of 1200 by 630 pixels, with all words set by "
        "fit().",
        "<text>{{ page.title }}</text>",
    ),
    "W709": Code(
        "letters without a font",
        "A social card has to show letters that none of the fonts for cards has. Name a font that "
        "has them under `fonts` in [cards], or put it into fonts/ of your theme. Until then an "
        "emoji is left out, and where it is letters, the picture shows the name of the site.",
        "title: 稀土, with the fonts that come with gazette",
        "warning",
    ),
    # -- output ------------------------------------------------------------------------------
    "E801": Code(
        "folder is not ours",
        "The output folder holds files that this program did not make, or is a folder that the "
        "site is made from. Nothing was touched: name another folder, or empty it by hand.",
        "explainer build --output ~/Documents",
    ),
    "E802": Code(
        "output cannot be written",
        "The system refused to write: disk full, no permission, read-only; or it killed one of the "
        "processes that shared the work. The old site stands untouched.",
        "a full disk",
    ),
    "E803": Code(
        "another build is running",
        "A second build of this site is under way. Wait for it to end.",
        "two builds at once",
    ),
    "W804": Code(
        "build not remembered",
        "The site is published, but what the next build could make use of could not be stored in "
        ".explainer/, so that one takes longer. It is no error under --strict either.",
        "the disk is full once the site is written",
        "warning",
    ),
    "E805": Code(
        "cards cannot be drawn",
        "A library that draws social cards cannot be loaded, or refuses a picture. Install the "
        "program again with all that it needs, or switch cards off: `enabled = false` in [cards].",
        "explainer build where resvg-py was removed",
    ),
}
