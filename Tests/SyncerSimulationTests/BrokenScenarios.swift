import Testing

/// A scenario with one mistake, and what the error must say about it.
struct BrokenScenario: Sendable, CustomTestStringConvertible {
  var mistake: String
  var json: String
  /// The path of the key at fault.
  var keyPath: String
  /// Part of the rule.
  var rule: String
  /// Part of the remedy.
  var remedy: String

  var testDescription: String { mistake }

  init(_ mistake: String, _ json: String, at keyPath: String, _ rule: String, _ remedy: String) {
    self.mistake = mistake
    self.json = json
    self.keyPath = keyPath
    self.rule = rule
    self.remedy = remedy
  }

  /// A scenario that is right but for the part given.
  static func json(
    name: String = #""broken""#, sync: String = #"{"chunkTime": "5s"}"#,
    workload: String? = nil, phase: String = #""handle": {"constant": "1s"}"#, rest: String = ""
  ) -> String {
    let items = workload ?? #"{"phases": [{"class": "x", "count": 3, \#(phase)}]}"#
    return #"{"name": \#(name), "sync": \#(sync), "workload": \#(items)\#(rest)}"#
  }

  static func handle(_ distribution: String) -> String {
    json(phase: #""handle": \#(distribution)"#)
  }

  static let document: [BrokenScenario] = [
    .init("not JSON", "{ \"name\": ", at: "line 1, column 11", "is not JSON", "correct it"),
    .init("an empty file", "", at: "line 1, column 1", "is not JSON", "correct it"),
    .init("no object", "[1, 2]", at: "", "must hold a JSON object", "Scenarios/README.md"),
    .init("nothing but an object", "{}", at: "name", "is missing", "add the key \"name\""),
    .init(
      "no sync", #"{"name": "a", "workload": {"phases": []}}"#, at: "sync", "is missing",
      "add the key"),
    .init(
      "no workload", #"{"name": "a", "sync": {"chunkTime": "5s"}}"#, at: "workload", "is missing",
      "add the key"),
    .init(
      "no chunk time", json(sync: "{}"), at: "sync.chunkTime", "is missing", "add the key"),
    .init(
      "an unknown key", json(rest: #", "sede": 1"#), at: "sede", "is not a known key",
      "did you mean \"seed\""),
    .init(
      "an unknown key inside", json(sync: #"{"chunkTime": "5s", "chunkCab": 3}"#),
      at: "sync.chunkCab", "is not a known key", "did you mean \"chunkCap\""),
    .init(
      "ranges for one process", json(sync: #"{"chunkTime": "5s", "ranges": 3}"#),
      at: "sync.ranges", "divides a sync that one process has", "add sync.workers"),
    .init(
      "processes that do several things at a time",
      json(sync: #"{"chunkTime": "5s", "workers": 2, "openChunks": 2}"#), at: "sync.workers",
      "shares a sync in which more than one thing", "leave out sync.handlersAtOnce"),
    .init(
      "an unknown key like none", json(rest: #", "zzzzzzzz": 1"#), at: "zzzzzzzz",
      "is not a known key", "Known keys here: $schema, faults, gate"),
    .init("a name that is no text", json(name: "7"), at: "name", "must be a text", "quotes"),
    .init("a name with a slash", json(name: #""a/b""#), at: "name", "letters, digits", "rename"),
    .init("a name that climbs", json(name: #""..""#), at: "name", "not starting with", "rename"),
    .init("an empty name", json(name: #""""#), at: "name", "1 to 100", "rename"),
    .init("a seed as text", json(rest: #", "seed": "1""#), at: "seed", "whole number", "quotes"),
    .init("a negative seed", json(rest: #", "seed": -1"#), at: "seed", "whole number", "such"),
    .init("a fractional seed", json(rest: #", "seed": 1.5"#), at: "seed", "whole number", "such"),
    .init(
      "no replications", json(rest: #", "replications": 0"#), at: "replications",
      "from 1 to 1000000", "such a number"),
    .init(
      "a text for an object", json(sync: #""5s""#), at: "sync", "must be an object", "write"),
  ]

  static let sync: [BrokenScenario] = [
    .init(
      "a bare number as duration", json(sync: #"{"chunkTime": 5}"#), at: "sync.chunkTime",
      "must be a duration", "250ms"),
    .init(
      "a duration without unit", json(sync: #"{"chunkTime": "5"}"#), at: "sync.chunkTime",
      "has no unit", "250ms"),
    .init(
      "a bad unit", json(sync: #"{"chunkTime": "5 sec"}"#), at: "sync.chunkTime", "duration",
      "250ms"),
    .init(
      "an unknown unit", json(sync: #"{"chunkTime": "5fortnights"}"#), at: "sync.chunkTime",
      "unknown unit \"fortnights\"", "250ms"),
    .init(
      "a duration without number", json(sync: #"{"chunkTime": "s"}"#), at: "sync.chunkTime",
      "does not start with a number", "250ms"),
    .init(
      "a negative duration", json(sync: #"{"chunkTime": "-5s"}"#), at: "sync.chunkTime",
      "is negative", "250ms"),
    .init(
      "a duration without end", json(sync: #"{"chunkTime": "1e999s"}"#), at: "sync.chunkTime",
      "is not finite", "250ms"),
    .init(
      "a duration of a geological age", json(sync: #"{"chunkTime": "1e9h"}"#),
      at: "sync.chunkTime", "longer than 100 years", "250ms"),
    .init(
      "a chunk time of zero", json(sync: #"{"chunkTime": "0s"}"#), at: "sync.chunkTime",
      "must be longer than zero", "longer"),
    .init(
      "a chunk time that no clock shows", json(sync: #"{"chunkTime": "1e-12s"}"#),
      at: "sync.chunkTime", "is shorter than a nanosecond", "longer"),
    .init(
      "a cap of zero", json(sync: #"{"chunkTime": "5s", "chunkCap": 0}"#), at: "sync.chunkCap",
      "from 1", "such a number"),
    .init(
      "a negative limit", json(sync: #"{"chunkTime": "5s", "itemLimit": -1}"#),
      at: "sync.itemLimit", "from 0", "such a number"),
    .init(
      "an unknown order", json(sync: #"{"chunkTime": "5s", "order": "shufled"}"#),
      at: "sync.order", "none of the names", "did you mean \"shuffled\""),
  ]

  static let load: [BrokenScenario] = [
    .init(
      "a window that ends before it begins",
      json(rest: #", "load": {"windows": [{"from": "9s", "to": "3s", "slowdown": 2}]}"#),
      at: "load.windows[0].to", "must be later than \"from\"", "longer than zero"),
    .init(
      "a window without slowdown",
      json(rest: #", "load": {"windows": [{"from": "1s", "to": "3s"}]}"#),
      at: "load.windows[0].slowdown", "is missing", "add the key"),
    .init(
      "a slowdown of zero",
      json(rest: #", "load": {"windows": [{"from": "1s", "to": "3s", "slowdown": 0}]}"#),
      at: "load.windows[0].slowdown", "must be above zero", "such a number"),
    .init(
      "a window that repeats before its end",
      json(
        rest: #", "load": {"windows": [{"from": "1s", "to": "9s", "slowdown": 2, "every": "3s"}]}"#),
      at: "load.windows[0].every", "must not be shorter", "repeat it"),
    .init(
      "arrivals without a gap",
      json(rest: #", "load": {"poisson": {"meanGap": "0s", "duration": "1s", "slowdown": 2}}"#),
      at: "load.poisson.meanGap", "longer than zero", "longer"),
    .init(
      "a load trace that is not there", json(rest: #", "load": {"trace": {"path": "no.csv"}}"#),
      at: "load.trace.path", "does not exist", "relative to the scenario's folder"),
  ]

  static let gate: [BrokenScenario] = [
    .init(
      "a bound of an unknown metric", json(rest: #", "gate": {"overshot": {"atMost": 1}}"#),
      at: "gate.overshot", "is not a known key", "did you mean \"overshoot\""),
    .init(
      "a bound of nothing", json(rest: #", "gate": {"overshoot": {}}"#), at: "gate.overshoot",
      "bounds nothing", "atMost"),
    .init(
      "a bound for no scheduler",
      json(rest: #", "gate": {"overshoot": {"atMost": 1, "for": ["fixed"]}}"#),
      at: "gate.overshoot.for", "no scheduler of this scenario", "deadline"),
  ]

  static let all = document + sync + load + gate + workload + schedulers
}
