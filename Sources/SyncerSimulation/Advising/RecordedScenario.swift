internal import Foundation
internal import SafeOutput
internal import Syncer

extension Scenario {
  /// A scenario of a recording alone, with the chunk time and the overhead that stand in the file
  /// beside it, as `co3index sync --record` writes them.
  ///
  /// - Parameters:
  ///   - path: The recording; one that ends in .swf or .swf.gz is in the Standard Workload Format.
  ///   - cost: Where its seconds are spent, for a recording that does not say so.
  /// - Throws: `ScenarioError` for a recording that is missing, and a file beside it that is no JSON.
  public init(trace path: String, cost: TraceSettings.Cost = .handle) throws(ScenarioError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw ScenarioError(
        file: path, rule: "does not exist", remedy: "name a scenario file or a recording")
    }
    let sync = try RecordedSync(besideTrace: path)
    let plain = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    let name = FilePath.name(of: plain).split(separator: ".").first.map { Self.reportName($0) }
    self.init(
      name: name ?? "recording",
      sync: SyncSettings(chunkTimeSeconds: sync.chunkTimeSeconds, order: .listed),
      workload: WorkloadSettings(
        source: .trace(
          TraceSettings(path: path, format: plain.hasSuffix(".swf") ? .swf : .csv, cost: cost)),
        chunkOverhead: .constant(sync.chunkOverheadSeconds ?? 0)))
    files.paths = [path]
  }

  /// A name that may be that of a report.
  static func reportName(_ text: Substring) -> String {
    String(
      text.unicodeScalars.prefix(100).map { scalar -> Character in
        let isKept =
          scalar.isASCII && scalar.properties.isAlphabetic
          || "0123456789_-".unicodeScalars
            .contains(scalar)
        return isKept ? Character(scalar) : "-"
      })
  }
}
