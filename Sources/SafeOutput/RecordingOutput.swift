/// The two files of a recording on their way: the rows, and beside them `FILE.json`, which says what
/// they are of.
///
/// Where the rows go into something that is no regular file, there is no second file.
package final class RecordingOutput {
  private let rows: OutputFile
  private let sidecar: OutputFile?

  /// Opens both files, before there is anything to lose.
  ///
  /// - Parameters:
  ///   - path: The place of the rows.
  ///   - inputs: What the command reads, and what else it must not replace.
  ///   - remedy: What to do about a file that is in the way.
  /// - Throws: `WriteError` for what cannot be written or must not be.
  package init(
    _ path: String, inputs: [FileIdentity] = [], remedy: String
  ) throws(WriteError) {
    rows = try OutputFile(path, inputs: inputs, remedy: remedy) { Self.areRows($0, at: path) }
    guard rows.isRegular else {
      sidecar = nil
      return
    }
    sidecar = try OutputFile(
      path + ".json", inputs: inputs, remedy: remedy, isOurs: Self.isSidecar)
  }

  /// Adds rows.
  package func write(_ bytes: [UInt8]) throws(WriteError) { try rows.write(bytes) }

  /// Puts both files into their places.
  package func commit(sidecar text: some Sequence<UInt8>) throws(WriteError) {
    try sidecar?.write(text)
    try sidecar?.synchronize()
    try rows.commit()
    try sidecar?.commit()
  }

  /// Gives up: what stood there stays.
  package func discard() {
    rows.discard()
    sidecar?.discard()
  }

  /// Whether nothing is lost where a file of a recording takes a place: nothing stands there, an empty
  /// file, or the same file of an older recording.
  ///
  /// What is no regular file, by whatever link, is not looked into.
  package static func mayReplace(_ path: String, isSidecar: Bool) -> Bool {
    guard let place = FilePath.followed(path) else { return false }
    switch FileKind(place, follows: true) {
    case .nothing: return true
    case .regular:
      guard let start = FileStart.bytes(of: place) else { return false }
      return start.isEmpty || (isSidecar ? Self.isSidecar(start) : areRows(start, at: path))
    default: return false
    }
  }

  /// Whether a file begins as the rows of a recording do, and has beside it what says so: people write
  /// such rows themselves.
  private static func areRows(_ start: [UInt8], at path: String) -> Bool {
    guard start.starts(with: Array("class,handle_s,process_s".utf8)),
      let place = FilePath.followed(path + ".json"), let sidecar = FileStart.bytes(of: place)
    else { return false }
    return isSidecar(sidecar)
  }

  /// Whether a file begins as one that says what a recording is of.
  private static func isSidecar(_ start: [UInt8]) -> Bool {
    let text = String(decoding: start, as: UTF8.self)
    return text.hasPrefix("{") && text.contains(/"program"\s*:\s*"co3/)
  }
}
