internal import Foundation
public import SyncerSimulation

/// The program that draws charts, if it is installed.
public struct Gnuplot: Sendable {
  /// How to install it, for a message.
  public static let installation =
    "install it with 'apt-get install gnuplot-nox' or 'brew install gnuplot', or run 'make setup'"

  /// Where the program is.
  public let path: String

  /// The program.
  public init(path: String) {
    self.path = path
  }

  /// The first `gnuplot` in the folders of PATH; nil where there is none.
  public init?() {
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let candidates = folders.split(separator: ":").map { "\($0)/gnuplot" }
    guard
      let path = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) })
    else { return nil }
    self.path = path
  }

  /// Runs a script in its folder.
  ///
  /// - Parameters:
  ///   - script: The name of the script in the folder.
  ///   - folder: The folder, where the files it reads and draws are.
  ///   - name: What a message calls the folder, where it is not to stay there.
  /// - Throws: `ScenarioError` with what gnuplot said where it could not draw.
  public func draw(
    _ script: String, in folder: String, shownAs name: String? = nil
  ) throws(ScenarioError) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    // -d: nobody's own settings.
    process.arguments = ["-d", script]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    let said: String
    do {
      try process.run()
      // Reading ends when the program does: it cannot wait for room in the pipe.
      said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
    } catch {
      throw ScenarioError(
        file: path, rule: "cannot be run (\((error as NSError).localizedDescription))",
        remedy: "install gnuplot again, or take it out of PATH")
    }
    if process.terminationReason == .exit, process.terminationStatus == 0 { return }
    let lines = said.split(whereSeparator: \.isNewline).suffix(2).joined(separator: " ")
    throw ScenarioError(
      file: "\(name ?? folder)/\(script)",
      rule: "could not be drawn by \(path): \(lines.prefix(400))",
      remedy: "gnuplot 5.4 or later is needed; leave out the charts, or install it")
  }
}
