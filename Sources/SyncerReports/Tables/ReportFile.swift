internal import Foundation
internal import SafeOutput
internal import Syncer
internal import SyncerSimulation

/// The files that a report is made of, and how they are told from those of others.
///
/// A name is not enough: what begins otherwise, is a link, or is a script that was restyled, is
/// somebody's, and is neither replaced nor removed.
enum ReportFile {
  /// Whether the regular file at a path was written by co3sim as a part of a report.
  static func isOurs(_ path: String) -> Bool {
    let name = FilePath.name(of: path)
    switch FilePath.ending(of: name) {
    case "csv": return csvStart(name).map { starts(path, with: $0) } ?? false
    case "html": return name == page && isPage(start(of: path))
    case "svg": return start(of: path).contains(drawingMark)
    case "gp":
      return FileStart.bytes(of: path, count: 1 << 22).map(ScriptMark.isUnchanged) ?? false
    default: return false
    }
  }

  /// The name of the page.
  static let page = "report.html"
  /// Whether a page begins as those of co3sim do.
  static func isPage(_ start: String) -> Bool {
    start.hasPrefix("<!DOCTYPE html>")
      && start.contains("<meta name=\"generator\" content=\"co3sim ")
  }

  /// What every image says near its beginning.
  static let drawingMark = "<!-- Drawn for co3sim. -->"

  /// The columns that a table begins with, in every version; nil for a name that is no table's.
  private static func csvStart(_ name: String) -> [String]? {
    switch name {
    case MetricStatistics.fileName: ["scenario", "scheduler", "metric"]
    default:
      FiguresFile(rawValue: name)?.firstColumns
        ?? (ReportTable.allCases.contains { $0.fileName == name } ? ReportTable.runColumns : nil)
    }
  }

  private static func starts(_ path: String, with columns: [String]) -> Bool {
    start(of: path).hasPrefix(columns.joined(separator: ","))
  }

  private static func start(of path: String) -> String {
    String(decoding: FileStart.bytes(of: path) ?? [], as: UTF8.self)
  }
}

/// The tables that scripts draw from besides those of the report.
enum FiguresFile: String {
  case tradeoff = "tradeoff.csv"
  case nearness = "nearness.csv"
  case heatMap = "heatmap.csv"

  /// The columns that it begins with, in every version.
  var firstColumns: [String] {
    switch self {
    case .tradeoff: ["scheduler", "makespan"]
    case .nearness: ["run", "scheduler"]
    case .heatMap: ["x_index", "y_index"]
    }
  }
}
