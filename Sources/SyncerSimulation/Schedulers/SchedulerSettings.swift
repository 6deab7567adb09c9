public import Syncer

/// A scheduler of a scenario: its kind, its parameters, and the label its rows carry.
public struct SchedulerSettings: Sendable, Equatable {
  /// The name of the kind, one of `SchedulerKind.all`, or `own` for a scheduler of one's own.
  public let kind: String
  /// The parameters given, by name; durations in seconds.
  public let parameters: [String: Double]
  /// What reports call it.
  public private(set) var label: String
  /// Which of several syncs in a row this is, from 1: those before it have taught the scheduler.
  public private(set) var run = 1
  /// Makes a scheduler of one's own; nil for a kind.
  private let own: (@Sendable () -> any ChunkScheduler)?

  /// Settings are equal that reports and scenarios cannot tell apart.
  public static func == (left: SchedulerSettings, right: SchedulerSettings) -> Bool {
    left.kind == right.kind && left.parameters == right.parameters && left.label == right.label
      && left.run == right.run
  }

  /// Makes settings of a scheduler of your own, which then stands wherever those of a kind do: in
  /// experiments, comparisons, reports, sweeps and gates.
  ///
  /// - Parameters:
  ///   - label: What reports call it.
  ///   - scheduler: Makes it as it is at the start of a sync, called once per run.
  /// - Precondition: `label` is not empty.
  public init(_ label: String, scheduler: @escaping @Sendable () -> any ChunkScheduler) {
    precondition(!label.isEmpty, "A scheduler of one's own has a label; it is empty.")
    (kind, parameters, self.label, own) = ("own", [:], label, scheduler)
  }

  /// Makes settings.
  ///
  /// - Precondition: `kind` is the name of a scheduler and knows the parameters; their values are
  ///   in range.
  public init(_ kind: String, _ parameters: [String: Double] = [:], label: String? = nil) {
    guard let known = SchedulerKind.named(kind) else {
      preconditionFailure("There is no scheduler \"\(kind)\".")
    }
    for (name, value) in parameters {
      guard let parameter = known.parameters.first(where: { $0.name == name }) else {
        preconditionFailure("The scheduler \"\(kind)\" has no parameter \"\(name)\".")
      }
      precondition(
        parameter.range.contains(value),
        "The parameter \"\(name)\" of \"\(kind)\" is \(parameter.rangeText); it is \(value).")
    }
    self.init(unchecked: kind, parameters, label: label)
  }

  /// Whether the kind knows what others have to learn: it is no competitor.
  var isBound: Bool { foresight != .nothing }

  /// Whether an application has it: a type of the library, or one of its own.
  var isInLibrary: Bool { SchedulerKind.named(kind).map { $0.libraryType != nil } ?? true }

  /// What the kind knows from the start.
  var foresight: SchedulerKind.Foresight { SchedulerKind.named(kind)?.foresight ?? .nothing }

  /// The values of the parameters, by name; nil for a scheduler of one's own.
  var values: ParameterValues? {
    SchedulerKind.named(kind).map {
      ParameterValues(values: parameters, parameters: $0.parameters)
    }
  }

  private init(unchecked kind: String, _ parameters: [String: Double], label: String?) {
    own = nil
    // An older name stays what reports call it.
    self.kind = SchedulerKind.named(kind)?.name ?? kind
    self.parameters = parameters
    let known = SchedulerKind.named(kind)?.parameters ?? []
    let values = known.compactMap { parameter in
      parameters[parameter.name].map { "\(parameter.name)=\(parameter.text($0))" }
    }
    self.label = label ?? ([kind] + values).joined(separator: " ")
  }

  /// The scheduler at the start of a sync.
  var scheduler: any ChunkScheduler {
    if let own { return own() }
    guard let known = SchedulerKind.named(kind) else {
      preconditionFailure("There is no scheduler \"\(kind)\".")
    }
    return known.scheduler(parameters)
  }

  /// The scheduler at the start of a sync that follows another.
  func scheduler(after learned: LearnedCosts?) -> any ChunkScheduler {
    let scheduler = scheduler
    guard let learned, let learning = scheduler as? DeadlineScheduler else { return scheduler }
    return learning.recalling(learned)
  }

  /// The scheduler in several syncs in a row, each with a label of its own; once where it keeps nothing.
  func runs(_ count: Int) -> [SchedulerSettings] {
    guard kind == Self.standard.kind else { return [self] }
    return (1...max(1, count)).map { run in
      var settings = self
      settings.run = run
      if run > 1 { settings.label += " run \(run)" }
      return settings
    }
  }

  /// The scheduler a sync uses unless told otherwise.
  public static let standard = SchedulerSettings("deadline")

  /// The schedulers of a scenario that names none: the default, the rule it is there to replace, and
  /// the plainest one.
  public static let compared = [
    standard, SchedulerSettings("moving-average"), SchedulerSettings("time-box"),
  ]

  /// A scheduler named on a command line, with default parameters.
  ///
  /// - Throws: `ScenarioError` for a name that is not known.
  public init(named name: String) throws(ScenarioError) {
    let names = SchedulerKind.names
    guard names.contains(name) else {
      let guess =
        nearestName(to: name, in: names).map { "did you mean \"\($0)\"? Known: " } ?? "known: "
      throw ScenarioError(
        file: "--scheduler", rule: "does not know \"\(name)\"",
        remedy: guess + names.joined(separator: ", "))
    }
    self.init(unchecked: name, [:], label: nil)
  }
}

extension SchedulerSettings {
  /// Reads `"name"` or `{ "name": { parameters }, "label": ... }`.
  init(_ node: ScenarioNode) throws(ScenarioError) {
    let names = SchedulerKind.names
    if case .string = node.value {
      self.init(unchecked: try node.name(of: names), [:], label: nil)
      return
    }
    let object = try node.object(.scheduler)
    let kinds = object.keys.filter { $0 != "label" }
    guard kinds.count == 1, let name = kinds.first, let kind = SchedulerKind.named(name) else {
      throw node.error(
        "must name exactly one scheduler", "choose one of: " + names.joined(separator: ", "))
    }
    let fields = try object.node(name).object(kind.keys)
    var values: [String: Double] = [:]
    for parameter in kind.parameters {
      guard let field = fields.optional(parameter.name) else { continue }
      values[parameter.name] = try parameter.read(field)
    }
    try kind.checkBounds(values, fields)
    let label = object.optional("label")
    try self.init(unchecked: name, values, label: label?.text())
    if let label, self.label.isEmpty {
      throw label.error("must not be empty", "name the scheduler")
    }
  }
}
