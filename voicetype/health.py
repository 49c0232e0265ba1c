"""`voicetype health`: loads the models that the settings mean, once, and tells how they fare. Main thread."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from voicetype import command
from voicetype.control.model_loading import Loader, LoadRequest
from voicetype.core.config import Config
from voicetype.core.messages import ModelError
from voicetype.core.status import PUNCTUATION, SPEECH, ModelState, ModelStatus
from voicetype.engines.model_loader import Health, HealthStatus, LoadStatus, ModelHealth
from voicetype.i18n import translate
from voicetype.models import ChosenModels, chosen_models, make_loaders, make_model_loader
from voicetype.terminal import print_json, print_line
from voicetype.ui.messages import fallback_text, model_name, model_text, text_of

_EXIT_CODES = {Health.HEALTHY: 0, Health.DEGRADED: 1, Health.UNHEALTHY: 2}


def run_health(*, as_json: bool) -> int:
    """Load, look, free. Returns 0 = healthy, 1 = degraded (no marks), 2 = unhealthy (no dictation)."""
    config, problems = command.begin()
    for problem in problems:
        command.tell(problem)
    status, chosen = check(config), chosen_models(config)
    if as_json:
        print_json(_as_data(status, chosen))
    else:
        print_line("\n".join(_lines(status, chosen)))
    return _EXIT_CODES[status.health]


def check(config: Config) -> HealthStatus:
    """Load the models side by side and free them again; blocks. Failures are in the result."""
    loader = make_model_loader()
    timeout_s = config.models.load_timeout_seconds

    def load(one: Loader) -> None:
        with contextlib.suppress(ModelError):  # the loader has noted it
            one(LoadRequest(lambda percent: None, threading.Event(), timeout_s)).close()

    wanted = [one for one in make_loaders(config, loader).values() if one is not None]
    with ThreadPoolExecutor() as executor:
        list(executor.map(load, wanted))
    return loader.get_health_status()


def _lines(status: HealthStatus, chosen: ChosenModels) -> list[str]:
    lines = []
    for name in (SPEECH, PUNCTUATION):
        health = status.models.get(name)
        shown = _shown(name, health, chosen)
        line = f"{_capitalised(model_name(name))}: {model_text(shown)}"
        if health is None:
            lines.append(line)
            continue
        lines.append(f"{line} ({_state(health)})")
        lines += [f"  {line}" for line in fallback_text(shown).splitlines()]
        if health.error is not None:
            lines.append(f"  {text_of(health.error)}")
    verdicts = {
        Health.HEALTHY: translate("Cli", "All is well."),
        Health.DEGRADED: translate("Cli", "Dictation works, without the punctuation model."),
        Health.UNHEALTHY: translate("Cli", "Dictation does not work."),
    }
    return [*lines, verdicts[status.health]]


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shown(name: str, health: ModelHealth | None, chosen: ChosenModels) -> ModelStatus:
    model = chosen.speech if name == SPEECH else chosen.punctuation
    engine = "" if name == SPEECH else chosen.punctuation_engine
    if health is None:
        return ModelStatus(name, ModelState.DISABLED)
    return ModelStatus(name, model=model, engine=engine, device=health.device, fallbacks=health.fallbacks)


def _state(health: ModelHealth) -> str:
    if health.status is LoadStatus.LOADED:
        return translate("Cli", "loads in {seconds} s").format(seconds=f"{health.load_time_s:.1f}")
    return translate("Cli", "does not load")


def _as_data(status: HealthStatus, chosen: ChosenModels) -> dict[str, Any]:
    models = {
        name: {
            "model": chosen.speech if name == SPEECH else chosen.punctuation,
            "status": health.status.value,
            "required": health.required,
            "load_time_s": round(health.load_time_s, 3),
            "attempts": health.attempts,
            "device": health.device,
            "fallbacks": [{"device": device, "reason": reason} for device, reason in health.fallbacks],
            "error": None if health.error is None else command.error_as_data(health.error),
        }
        # Whichever was loaded first: what dictation cannot do without comes first.
        for name, health in sorted(status.models.items(), key=lambda each: each[0] != SPEECH)
    }
    return {"health": status.health.value, "loaded": status.loaded, "failed": status.failed, "models": models}
