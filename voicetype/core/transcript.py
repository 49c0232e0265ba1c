"""From recognition results to the text of one dictation. Pure; one thread at a time."""

from __future__ import annotations

from voicetype.core.ports import FinalResult, PartialResult, Transcript


class TranscriptAssembler:
    """Joins a recogniser's results: finals are appended, the last partial is the tentative rest.

    Vosk ends a phrase at each pause and, without one, after about 20 seconds wherever the speaker is, so phrases are
    joined by a space and nothing else: where a sentence ends is for the punctuation model to say.
    """

    def __init__(self) -> None:
        self._transcript = Transcript()

    @property
    def transcript(self) -> Transcript:
        """The text as known now."""
        return self._transcript

    def add(self, result: PartialResult | FinalResult) -> bool:
        """Take in one result. Returns whether the transcript changed."""
        text = result.text.strip()
        before = self._transcript
        if isinstance(result, FinalResult):
            committed = " ".join(part for part in (before.committed, text) if part)
            self._transcript = Transcript(committed, "")
        else:
            self._transcript = Transcript(before.committed, text)
        return self._transcript != before

    def commit_tentative(self) -> None:
        """Keep the tentative words for good, for when the recogniser can no longer confirm them."""
        self.add(FinalResult(self._transcript.tentative))
