"""Makes sentences that read like news, from a list of words and a source of chance."""

from __future__ import annotations

from itertools import product
from random import Random

NOUNS = (
    "agency agreement airport answer argument bank bill border bridge budget buyer campaign cargo "
    "case central-bank choice city claim coast committee company contract corridor council court "
    "crisis crop customer cut deadline deal debate debt decision defence delay demand deposit "
    "dispute district doctor drought economy election energy engine estimate export factory "
    "family farm ferry figure fine forecast forest fund gas government grid growth harbour harvest "
    "hearing hospital household idea import income industry inquiry investor island judge "
    "laboratory lake law lender letter licence limit loan machine majority map market measure "
    "meeting memory mine minister model month motion network number offer office opposition order "
    "panel parliament partner patient pension permit pipeline plan plant port power price product "
    "programme project promise proposal protest quarter question quota railway record reform "
    "region regulator report reserve result review river road route rule sample school season "
    "sector sentence server ship shop signal station statement storm strike subsidy supplier "
    "supply survey system tariff tax teacher test town trade train treaty tunnel union vaccine "
    "valley vote wage warehouse warning water week winter worker year"
).split()
ADJECTIVES = (
    "annual automatic better broad careful central cheap civil clear cold common complex costly "
    "cautious current daily deep early eastern empty entire fair familiar final first foreign "
    "former fragile full further general heavy hidden higher independent initial joint large late "
    "legal likely limited local long lower main major modest national narrow new northern old "
    "open ordinary partial permanent plain political popular possible private public quiet rapid "
    "recent regional remote rural second secret senior separate short single slow small social "
    "southern special steady strict strong sudden technical temporary third uncertain urban usual "
    "western wide younger"
).split()
VERBS = (
    "accepted adjusted announced approved asked avoided backed blocked called changed cleared "
    "closed compared confirmed counted criticised cut defended delayed described doubled "
    "doubted drafted ended entered examined expected explained extended favoured financed found "
    "guaranteed halted heard improved joined kept launched left limited lost lowered measured "
    "merged missed moved named needed opened ordered paid passed planned postponed praised "
    "prepared presented printed promised protected published questioned raised reached read "
    "rejected repaired replaced reported requested restored reviewed revised saved settled shaped "
    "shared signed slowed stopped studied supported suspended tested traced visited watched "
    "welcomed"
).split()
ADVERBS = (
    "again almost already also always barely briefly carefully clearly easily eventually finally "
    "formally generally gradually hardly immediately largely mainly mostly narrowly nearly never "
    "officially often openly only partly possibly probably publicly quickly quietly rarely "
    "recently slowly soon still suddenly together twice usually widely"
).split()
OPENINGS = (
    "A day later", "According to two officials", "After a long night", "As a consequence",
    "At first", "Behind closed doors", "By the end of the week", "Even so", "For many households",
    "For the first time in years", "In a short statement", "In practice", "In the meantime",
    "In theory", "On paper", "Outside the capital", "Over the summer", "So far", "That is why",
    "Under the present rules", "Until last spring", "With little notice",
)  # fmt: skip
PLACES = (
    "across the border", "along the coast", "at the port", "before the court", "behind the numbers",
    "beyond the city", "during the hearing", "in both chambers", "in the northern districts",
    "in the second quarter", "near the old harbour", "on the open market", "over the last decade",
    "through the winter", "under the treaty", "within a few weeks", "without a vote",
)  # fmt: skip
GIVEN_NAMES = (
    "Ada Amir Anna Ben Carla Chen Dario Elena Emeka Farah Goran Hana Ines Ivan Jonas Kavya Lena "
    "Luis Mara Mei Nils Nora Omar Paula Ravi Rosa Samir Sofia Tomas Ute Vera Yusuf"
).split()

_ONSETS = "Al Bar Cor Dal El Far Gor Hal Is Kel Lan Mar Nor Os Pel Quin Ros Sal Tor Vel".split()
_MIDDLES = "a an be de en é ga in ka le mi na o ra ri se ta va vi zo".split()
_ENDINGS = "berg by den dor ford grad ham ia land mar mora nau ria stad sund ton vale wick".split()


def proper_names() -> list[str]:
    """Return 7,200 names, made of three syllables each, that no two places share."""
    return ["".join(parts) for parts in product(_ONSETS, _MIDDLES, _ENDINGS)]


class Writer:
    """Writes sentences; the same source of chance gives the same words."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def headline(self) -> str:
        """Return six to eight words without a full stop."""
        pick = self._random.choice
        shapes = (
            lambda: (
                f"{pick(ADJECTIVES)} {pick(NOUNS)} {pick(VERBS)} after {pick(ADJECTIVES)} "
                f"{pick(NOUNS)}"
            ),
            lambda: f"{pick(NOUNS)} {pick(VERBS)} the {pick(NOUNS)} {pick(PLACES)}",
            lambda: f"how the {pick(ADJECTIVES)} {pick(NOUNS)} {pick(VERBS)} a {pick(NOUNS)}",
        )
        return _capital(pick(shapes)())

    def question(self) -> str:
        """Return a question."""
        pick = self._random.choice
        shapes = (
            lambda: f"why is the {pick(ADJECTIVES)} {pick(NOUNS)} so {pick(ADJECTIVES)}?",
            lambda: f"what does the {pick(NOUNS)} mean for the {pick(ADJECTIVES)} {pick(NOUNS)}?",
            lambda: f"who {pick(VERBS)} the {pick(NOUNS)} {pick(PLACES)}?",
        )
        return _capital(pick(shapes)())

    def sentence(self, *references: str) -> str:
        """Return 12 to 25 words that name every one of the references."""
        pick = self._random.choice
        subject = references[0] if references else self._thing()
        rest = [f"in view of {reference}" for reference in references[1:]]
        shapes = (
            lambda: (
                f"{subject} {pick(VERBS)} {self._thing()} {pick(PLACES)}, and "
                f"{self._thing()} {pick(ADVERBS)} {pick(VERBS)} it"
            ),
            lambda: (
                f"{pick(OPENINGS)}, {subject} {pick(ADVERBS)} {pick(VERBS)} {self._thing()} "
                f"while {self._thing()} {pick(VERBS)} the {pick(NOUNS)}"
            ),
            lambda: (
                f"{subject} had {pick(VERBS)} the {pick(NOUNS)}'s {pick(ADJECTIVES)} "
                f"{pick(NOUNS)}, which {self._thing()} {pick(VERBS)} {pick(ADVERBS)}"
            ),
            lambda: (
                f"{pick(OPENINGS)}, {subject} {pick(VERBS)} about {self._number()} per cent of "
                f"the {pick(ADJECTIVES)} {pick(NOUNS)} {pick(PLACES)}"
            ),
            lambda: (
                f'{subject} is "{pick(ADVERBS)} {pick(ADJECTIVES)}", as {self._thing()} '
                f"{pick(VERBS)} {pick(PLACES)} - not a *{pick(ADJECTIVES)}* {pick(NOUNS)}"
            ),
        )
        return " ".join([_capital(pick(shapes)()), *rest]) + "."

    def text(self, words: int, references: tuple[str, ...] = ()) -> str:
        """Return sentences of about that many words; each reference stands in one of them."""
        sentences = [self.sentence(reference) for reference in references]
        while sum(map(_length, sentences)) < words - 8:
            sentences.append(self.sentence())
        self._random.shuffle(sentences)
        return " ".join(sentences)

    def _thing(self) -> str:
        pick = self._random.choice
        return f"the {pick(ADJECTIVES)} {pick(NOUNS)}"

    def _number(self) -> int:
        return self._random.randrange(2, 97)


def _length(sentence: str) -> int:
    return sentence.count(" ") + 1


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
