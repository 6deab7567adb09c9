internal import Syncer

/// The jobs of a file in the Standard Workload Format (Feitelson, Parallel Workloads Archive).
///
/// Of the 18 fields of a line four are read: 4, the run time in seconds; 5, the processors allocated,
/// or where they are not known (-1) 8, those asked for; and 11, the status. Jobs without a run time
/// (-1) were never run and are left out. A job that was interrupted has a line for all of it and
/// further lines for its partial executions (status 2, 3 and 4): those are parts of what the first
/// line counts, and are left out; where a job has no such line, its parts are jobs of their own.
struct StandardWorkloadLog {
  /// How many processors a job has.
  enum Size: String {
    case serial
    /// 2 to 16.
    case small
    case large
    /// The log does not say.
    case unknown

    init(processors: Double) {
      self =
        processors <= 0 ? .unknown : processors <= 1 ? .serial : processors <= 16 ? .small : .large
    }
  }

  /// A job.
  struct Job {
    var seconds: Double
    var size: Size
  }

  private var buffer: TextBuffer
  /// The numbers of the jobs that have a line for all of them.
  private var whole: Set<Double> = []

  init(_ path: String, remedy: String) throws(ScenarioError) {
    buffer = try TextBuffer(path, remedy: remedy)
  }

  /// The next job; nil at the end of the file.
  mutating func next() throws(ScenarioError) -> Job? {
    while let line = try buffer.nextLine() {
      let fields = line.split(maxSplits: 11) { $0 == 0x20 || $0 == 0x09 }
      guard let first = fields.first, first.first != 0x3B else {
        buffer.line += 1
        continue
      }
      let job = try job(fields)
      buffer.line += 1
      if let job { return job }
    }
    return nil
  }

  private mutating func job(_ fields: [ArraySlice<UInt8>]) throws(ScenarioError) -> Job? {
    if fields.count < 5 { throw noJob() }
    let seconds = try number(fields[3])
    let number = try number(fields[0])
    if fields.count > 10, (2...4).contains(try self.number(fields[10])) {
      if whole.contains(number) { return nil }
    } else {
      whole.insert(number)
    }
    if seconds < 0 { return nil }
    if seconds > DurationText.limitSeconds {
      throw buffer.error(
        "has a run time of more than 100 years", "write seconds that passed in field 4")
    }
    var processors = try self.number(fields[4])
    if processors <= 0, fields.count > 7 { processors = try self.number(fields[7]) }
    return Job(seconds: seconds, size: Size(processors: processors))
  }

  private func number(_ field: ArraySlice<UInt8>) throws(ScenarioError) -> Double {
    guard let number = DecimalNumber.value(String(decoding: field, as: UTF8.self)),
      number.isFinite
    else { throw noJob() }
    return number
  }

  private func noJob() -> ScenarioError {
    buffer.error(
      "is no job of the Standard Workload Format",
      "write at least five numbers, or start a comment with ';'")
  }
}
