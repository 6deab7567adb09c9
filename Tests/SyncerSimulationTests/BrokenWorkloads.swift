/// Mistakes in the workload and in the list of schedulers.
extension BrokenScenario {
  static let workload: [BrokenScenario] = [
    .init(
      "no phases", json(workload: "{}"), at: "workload.phases", "is missing", "or \"trace\""),
    .init(
      "an empty list of phases", json(workload: #"{"phases": []}"#), at: "workload.phases",
      "must not be empty", "list at least one"),
    .init(
      "phases that are no list", json(workload: #"{"phases": 3}"#), at: "workload.phases",
      "must be a list", "["),
    .init(
      "both phases and a trace",
      json(
        workload:
          #"{"phases": [{"class": "x", "count": 1, "handle": {"constant": "1s"}}], "trace": {}}"#),
      at: "workload.trace", "stands beside \"phases\"", "keep one of the two"),
    .init(
      "no count", json(workload: #"{"phases": [{"class": "x", "handle": {"constant": "1s"}}]}"#),
      at: "workload.phases[0].count", "is missing", "add the key"),
    .init(
      "a count of zero", json(workload: #"{"phases": [{"class": "x", "count": 0}]}"#),
      at: "workload.phases[0].count", "from 1 to 100000000", "such a number"),
    .init(
      "more items than fit in memory",
      json(
        workload: #"{"phases": [{"class": "x", "count": 100000000, "handle": {"constant": "1s"}},"#
          + #"{"class": "x", "count": 1, "handle": {"constant": "1s"}}]}"#),
      at: "workload.phases", "do not fit in memory", "lower the counts"),
    .init(
      "no class", json(workload: #"{"phases": [{"count": 1, "handle": {"constant": "1s"}}]}"#),
      at: "workload.phases[0].class", "is missing", "add the key"),
    .init(
      "no cost", json(workload: #"{"phases": [{"class": "x", "count": 1}]}"#),
      at: "workload.phases[0].handle", "is missing", "\"process\" or in both"),
    .init(
      "a class beside a mix",
      json(workload: #"{"phases": [{"class": "x", "count": 1, "mix": []}]}"#),
      at: "workload.phases[0].class", "stands beside \"mix\"", "move it"),
    .init(
      "an empty mix", json(workload: #"{"phases": [{"count": 1, "mix": []}]}"#),
      at: "workload.phases[0].mix", "must not be empty", "list at least one"),
    .init(
      "a mix without weight",
      json(
        workload:
          #"{"phases": [{"count": 1, "mix": [{"class": "x", "handle": {"constant": "1s"}}]}]}"#),
      at: "workload.phases[0].mix[0].weight", "is missing", "add the key"),
    .init(
      "a negative weight",
      json(
        workload: #"{"phases": [{"count": 1, "mix": [{"class": "x", "weight": -1,"#
          + #""handle": {"constant": "1s"}}]}]}"#),
      at: "workload.phases[0].mix[0].weight", "must be above zero", "such a number"),
    .init(
      "a hint of negative noise",
      json(phase: #""handle": {"constant": "1s"}, "hint": {"noise": -0.1}"#),
      at: "workload.phases[0].hint.noise", "must be from 0 to 1000", "such a number"),
    .init(
      "no workers", json(workload: #"{"trace": {"path": "/dev/null"}, "workers": 0}"#),
      at: "workload.workers", "from 1 to 65536", "such a number"),
    .init(
      "a trace that is not there", json(workload: #"{"trace": {"path": "no.csv"}}"#),
      at: "workload.trace.path", "does not exist", "relative to the scenario's folder"),
    .init(
      "a trace that is a folder", json(workload: #"{"trace": {"path": "/"}}"#),
      at: "workload.trace.path", "is a folder", "name a file"),
    .init(
      "an unknown format", json(workload: #"{"trace": {"path": "/dev/null", "format": "cvs"}}"#),
      at: "workload.trace.format", "is \"cvs\", which is none", "did you mean \"csv\""),
    .init(
      "an unknown distribution", handle(#"{"lognormale": {"mean": "1s", "cv": 1}}"#),
      at: "workload.phases[0].handle.lognormale", "is not a known key",
      "did you mean \"lognormal\""),
    .init(
      "two distributions", handle(#"{"constant": "1s", "gamma": {}}"#),
      at: "workload.phases[0].handle", "exactly one distribution", "choose one of"),
    .init(
      "a distribution without a parameter", handle(#"{"gamma": {"mean": "1s"}}"#),
      at: "workload.phases[0].handle.gamma.cv", "is missing", "add the key"),
    .init(
      "a mean of zero", handle(#"{"exponential": {"mean": "0s"}}"#),
      at: "workload.phases[0].handle.exponential.mean", "longer than zero", "longer"),
    .init(
      "a negative cv", handle(#"{"normal": {"mean": "1s", "cv": -1}}"#),
      at: "workload.phases[0].handle.normal.cv", "must be from 0 to 1000", "such a number"),
    .init(
      "a cv that is too large", handle(#"{"normal": {"mean": "1s", "cv": 1e99}}"#),
      at: "workload.phases[0].handle.normal.cv", "must be from 0 to 1000", "such a number"),
    .init(
      "a cv as text", handle(#"{"normal": {"mean": "1s", "cv": "1"}}"#),
      at: "workload.phases[0].handle.normal.cv", "must be a number", "0.5"),
    .init(
      "a shape of zero", handle(#"{"pareto": {"scale": "1s", "shape": 0}}"#),
      at: "workload.phases[0].handle.pareto.shape", "must be above zero", "such a number"),
    .init(
      "a maximum below the minimum", handle(#"{"uniform": {"min": "2s", "max": "1s"}}"#),
      at: "workload.phases[0].handle.uniform.max", "is below \"min\"", "exchange"),
    .init(
      "an empty mixture", handle(#"{"mix": []}"#), at: "workload.phases[0].handle.mix",
      "must not be empty", "list at least one"),
    .init(
      "an empirical file that is not there",
      handle(#"{"empirical": {"path": "no.csv", "column": "s"}}"#),
      at: "workload.phases[0].handle.empirical.path", "does not exist", "correct the path"),
  ]

  private static func schedulers(_ list: String) -> String {
    json(rest: #", "schedulers": \#(list)"#)
  }

  static let schedulers: [BrokenScenario] = [
    .init(
      "no schedulers", schedulers("[]"), at: "schedulers", "must not be empty", "at least one"),
    .init(
      "an unknown scheduler", schedulers(#"["deadlin"]"#), at: "schedulers[0]",
      "is \"deadlin\", which is none", "did you mean \"deadline\""),
    .init(
      "an unknown scheduler with parameters", schedulers(#"["fixed", {"fixe": {}}]"#),
      at: "schedulers[1].fixe", "is not a known key", "did you mean \"fixed\""),
    .init(
      "two schedulers in one", schedulers(#"[{"fixed": {}, "deadline": {}}]"#),
      at: "schedulers[0]", "exactly one scheduler", "choose one of"),
    .init(
      "an unknown parameter", schedulers(#"[{"fixed": {"sise": 3}}]"#),
      at: "schedulers[0].fixed.sise", "is not a known key", "did you mean \"size\""),
    .init(
      "a parameter out of range", schedulers(#"[{"moving-average": {"smoothing": 1.5}}]"#),
      at: "schedulers[0].moving-average.smoothing", "from 0.001 to 1.0", "choose"),
    .init(
      "a fractional size", schedulers(#"[{"fixed": {"size": 2.5}}]"#),
      at: "schedulers[0].fixed.size", "whole number", "such a number"),
    .init(
      "the same label twice", schedulers(#"["fixed", {"fixed": {}}]"#), at: "schedulers[1]",
      "of an earlier scheduler", "\"label\" of its own"),
  ]
}
