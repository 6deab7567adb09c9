import Foundation

/// The built co3index, run as a process of its own.
struct Program {
  struct Ended {
    var code: Int32
    var out: String
    var err: String

    /// The lines of `--json`.
    var events: [[String: Any]] { Program.events(out) }
  }

  /// Whose rights the program has: root may read and write anything, which hides what is tested.
  enum User {
    case asTheTest
    case ordinary
  }

  /// The program beside the tests.
  static let path: String = {
    let first = CommandLine.arguments.first ?? ""
    let places = [URL(fileURLWithPath: first)] + Bundle.allBundles.map(\.bundleURL)
    let paths = places.map {
      $0.deletingLastPathComponent().appendingPathComponent("co3index").path
    }
    return paths.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "co3index"
  }()

  private static let setpriv = "/usr/bin/setpriv"

  /// Whether the program can be run without the rights of root.
  static let canRunAsOrdinaryUser: Bool = {
    if geteuid() != 0 { return true }
    guard FileManager.default.isExecutableFile(atPath: setpriv) else { return false }
    do {
      return try run(["--version"], as: .ordinary).code == 0
    } catch {
      return false
    }
  }()

  let process = Process()
  private let out = Pipe()
  private var buffer: [UInt8] = []

  init(_ arguments: [String], as user: User = .asTheTest) throws {
    if user == .ordinary && geteuid() == 0 {
      process.executableURL = URL(fileURLWithPath: Self.setpriv)
      process.arguments =
        ["--reuid", "65534", "--regid", "65534", "--clear-groups", Self.path] + arguments
    } else {
      process.executableURL = URL(fileURLWithPath: Self.path)
      process.arguments = arguments
    }
    process.standardOutput = out
    process.standardInput = FileHandle.nullDevice
  }

  /// The program called by a shell script, as `"$0" "$@"`.
  init(script: String, _ arguments: [String]) {
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script, Self.path] + arguments
    process.standardOutput = out
    process.standardInput = FileHandle.nullDevice
  }

  /// Runs the program to its end.
  static func run(_ arguments: [String], as user: User = .asTheTest) throws -> Ended {
    try ended(Program(arguments, as: user))
  }

  /// Runs a script that calls the program to its end.
  static func run(script: String, _ arguments: [String]) throws -> Ended {
    try ended(Program(script: script, arguments))
  }

  private static func ended(_ program: Program) throws -> Ended {
    var program = program
    let err = Pipe()
    program.process.standardError = err
    try program.process.run()
    let out = try program.rest()
    let errors = try err.fileHandleForReading.readToEnd() ?? Data()
    program.process.waitUntilExit()
    return Ended(
      code: program.process.terminationStatus, out: out,
      err: String(decoding: errors, as: UTF8.self))
  }

  /// The next line of standard output; nil at its end.
  mutating func line() throws -> String? {
    while true {
      if let end = buffer.firstIndex(of: 0x0A) {
        defer { buffer.removeFirst(end + 1) }
        return String(decoding: buffer[..<end], as: UTF8.self)
      }
      let more = out.fileHandleForReading.availableData
      if more.isEmpty { return nil }
      buffer += more
    }
  }

  /// What is left of standard output.
  mutating func rest() throws -> String {
    defer { buffer = [] }
    return String(
      decoding: buffer + (try out.fileHandleForReading.readToEnd() ?? Data()), as: UTF8.self)
  }

  static func events(_ text: String) -> [[String: Any]] {
    text.split(separator: "\n").compactMap { line in
      do {
        return try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      } catch {
        return nil
      }
    }
  }
}
