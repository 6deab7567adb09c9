import Foundation

/// The built co3backfill, run as a process of its own.
struct Program {
  struct Ended {
    var code: Int32
    var out: String
    var err: String

    var lines: [String] { out.split(separator: "\n").map { String($0) } }
  }

  /// The program beside the tests.
  static let path: String = {
    let first = CommandLine.arguments.first ?? ""
    let places = [URL(fileURLWithPath: first)] + Bundle.allBundles.map(\.bundleURL)
    let paths = places.map {
      $0.deletingLastPathComponent().appendingPathComponent("co3backfill").path
    }
    return paths.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "co3backfill"
  }()

  let process = Process()
  private let out = Pipe()
  private let err = Pipe()

  /// Starts the program.
  init(_ arguments: [String]) throws {
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments = arguments
    process.standardOutput = out
    process.standardError = err
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  /// Runs the program to its end.
  static func run(_ arguments: [String]) throws -> Ended { try Program(arguments).ended() }

  /// Waits for the end.
  func ended(after start: String = "") throws -> Ended {
    let text =
      start + String(decoding: try out.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    let errors = try err.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Ended(
      code: process.terminationStatus, out: text, err: String(decoding: errors, as: UTF8.self))
  }

  /// Reads standard output up to a word.
  func read(upTo word: String) -> String {
    var text = ""
    while !text.contains(word) {
      let more = out.fileHandleForReading.availableData
      if more.isEmpty { break }
      text += String(decoding: more, as: UTF8.self)
    }
    return text
  }
}

/// A folder that goes with the test.
final class TestFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("co3backfill-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      print("\(path) stays: \(error)")
    }
  }

  /// Writes a file; returns its path.
  func file(_ name: String, _ text: String) throws -> String {
    let file = "\(path)/\(name)"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }
}
