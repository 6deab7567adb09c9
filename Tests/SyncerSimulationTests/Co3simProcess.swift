import Foundation
import Testing

/// Runs the built command-line tool in a folder of its own.
struct Co3simProcess {
  struct Outcome {
    var code: Int32
    var out: String
    var error: String
  }

  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// The tool that was built with these tests.
  static func executable() throws -> URL {
    var folders = Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    folders += CommandLine.arguments.prefix(1).map {
      URL(filePath: $0).deletingLastPathComponent()
    }
    folders.append(repository.appending(path: ".build/debug"))
    let candidates = folders.map { $0.appending(path: "co3sim") }
    return try #require(
      candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) },
      "co3sim is not beside the tests; build it with: swift build --build-tests")
  }

  /// A process that is ready to run, with its output going to files in the folder.
  func process(_ arguments: [String], input: String? = nil) throws -> Process {
    let process = Process()
    process.executableURL = try Self.executable()
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.standardOutput = try FileHandle(
      forWritingTo: URL(filePath: try folder.file(".out", "")))
    process.standardError = try FileHandle(
      forWritingTo: URL(filePath: try folder.file(".error", "")))
    process.standardInput = try FileHandle(
      forReadingFrom: URL(filePath: try folder.file(".in", input ?? "")))
    return process
  }

  /// Makes writing to a process that has ended an error instead of the end of the tests.
  static func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
  }

  /// What a process that has ended left.
  func outcome(of process: Process) throws -> Outcome {
    process.waitUntilExit()
    let code = process.terminationReason == .exit ? process.terminationStatus : -1
    return Outcome(
      code: code, out: try folder.text(of: ".out"), error: try folder.text(of: ".error"))
  }

  func run(_ arguments: String..., input: String? = nil) throws -> Outcome {
    try run(arguments, input: input)
  }

  func run(_ arguments: [String], input: String? = nil) throws -> Outcome {
    let process = try process(arguments, input: input)
    try process.run()
    return try outcome(of: process)
  }

  /// Writes a scenario of twelve items with a random cost; returns its path.
  func scenario(
    name: String = "small", schedulers: String = #"["moving-average", "deadline"]"#
  ) throws -> String {
    try folder.file("\(name).json", Self.json(name: name, schedulers: schedulers))
  }

  static func json(
    name: String = "small", schedulers: String = #"["moving-average", "deadline"]"#
  ) -> String {
    """
    {
      "name": "\(name)", "seed": 3, "sync": { "chunkTime": "2s" },
      "workload": {
        "phases": [{ "class": "x", "count": 12, "handle": { "exponential": { "mean": "1s" } } }]
      },
      "schedulers": \(schedulers)
    }
    """
  }
}
