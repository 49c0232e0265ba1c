"""The WordPiece vocabulary of the punctuation model, in the file format of RUPunct's tokenizer. Needs tokenizers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from punctuation.sources import Document

VOCABULARY = 12_000
"""Half of the model's parameters; twice as many words would not fit its size."""
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, UNKNOWN, BEGIN, END = range(4)

_ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyz0123456789-'.,:%№+/&@#\"!?;()"
_MOST_REPEATED = 2000  # "и" teaches no more after that
_WORDS_A_LINE = 2000
_LONGEST_WORD = 100  # characters; RUPunct's own limit


def train(documents: Iterable[Document], size: int = VOCABULARY) -> Tokenizer:
    """A tokenizer whose vocabulary is made from the words of these documents."""
    counts: Counter[str] = Counter()
    for document in documents:
        for sentence in document.sentences:
            for word, _ in sentence:
                counts[word.lower()] += 1
    for word in [word for word in counts if "ё" in word]:
        counts[word.replace("ё", "е")] += counts[word]
    tokenizer = Tokenizer(
        models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=_LONGEST_WORD, continuing_subword_prefix="##")
    )
    # Told explicitly: without it the normaliser makes и of й wherever it lower-cases.
    tokenizer.normalizer = normalizers.BertNormalizer(strip_accents=False, lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size,
        min_frequency=3,
        special_tokens=list(SPECIAL),
        initial_alphabet=list(_ALPHABET),
        limit_alphabet=140,
        continuing_subword_prefix="##",
    )
    tokenizer.train_from_iterator(_lines(counts), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", BEGIN), ("[SEP]", END)],
    )
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=True)
    return tokenizer


def _lines(counts: Counter[str]) -> Iterator[str]:
    line: list[str] = []
    for word, count in counts.items():
        line += [word] * min(count, _MOST_REPEATED)
        while len(line) > _WORDS_A_LINE:
            yield " ".join(line[:_WORDS_A_LINE])
            line = line[_WORDS_A_LINE:]
    yield " ".join(line)
