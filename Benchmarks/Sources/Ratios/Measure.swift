import Foundation

/// Processor seconds and memory of something that ran.
struct Usage {
  /// User and system time of all threads.
  var seconds = 0.0
  /// Seconds by the clock on the wall.
  var wallSeconds = 0.0
  /// The most memory it had at once.
  var peakBytes = 0.0
}

/// Runs things and tells what they used.
///
/// Times of one thread are processor times: on a machine that does other things too, a ratio of them
/// moves less. What works on several cores is measured by the clock as well. Things to be compared
/// run in turn, and of all rounds the least time counts, as whatever else the machine does only adds
/// to it; the median tells how much that was.
enum Measure {
  /// Processor seconds of this process so far.
  private static var processSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The processor seconds some work takes in this process.
  static func seconds(_ work: () async throws -> Void) async rethrows -> Double {
    let start = processSeconds
    try await work()
    return processSeconds - start
  }

  /// What a program uses, and what it prints.
  static func program(_ arguments: [String]) throws -> (usage: Usage, output: String) {
    let process = Process()
    let pipe = Pipe()
    // GNU time writes what the kernel counted for the program and its threads to a file.
    let record = FileManager.default.temporaryDirectory.appending(
      path: "ratios-\(ProcessInfo.processInfo.processIdentifier)")
    process.executableURL = URL(filePath: "/usr/bin/time")
    process.arguments = ["-f", "%U %S %e %M", "-o", record.path] + arguments
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw Failure("\(arguments) failed") }
    let text = try String(contentsOf: record, encoding: .utf8)
    try FileManager.default.removeItem(at: record)
    let fields = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    guard fields.count == 4 else { throw Failure("/usr/bin/time wrote \"\(text)\"") }
    return (
      Usage(
        seconds: fields[0] + fields[1], wallSeconds: fields[2], peakBytes: fields[3] * 1024),
      String(decoding: output, as: UTF8.self)
    )
  }

  /// What some work of one thread takes in this process, by both clocks.
  static func usage(_ work: () async throws -> Void) async rethrows -> Usage {
    let start = ContinuousClock.now
    let seconds = try await seconds(work)
    let wall = ContinuousClock.now - start
    return Usage(seconds: seconds, wallSeconds: wall / .seconds(1))
  }

  /// Runs several things in turn, again and again, and returns what each gave, round by round.
  static func samples<Sample>(
    rounds: Int, _ works: [() async throws -> Sample]
  ) async throws -> [[Sample]] {
    var samples = [[Sample]](repeating: [], count: works.count)
    for _ in 0..<rounds {
      for (index, work) in works.enumerated() { samples[index].append(try await work()) }
    }
    return samples
  }

  static func median(_ samples: [Double]) -> Double {
    samples.sorted()[samples.count / 2]
  }

  static func least(_ samples: [Double]) -> Double {
    samples.reduce(.infinity, min)
  }
}

/// A benchmark that could not run.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// One line of the table.
struct Ratio {
  let name: String
  let target: String
  let measured: String
  /// Whether the target is met; nil where there is none.
  let isMet: Bool?

  func printLine() {
    let verdict = isMet.map { $0 ? "met" : "missed" } ?? ""
    let line = "| \(name) | \(target) | \(measured) | \(verdict) |\n"
    FileHandle.standardOutput.write(Data(line.utf8))
  }
}

func figure(_ value: Double, _ digits: Int = 2) -> String {
  String(format: "%.\(digits)f", value)
}
