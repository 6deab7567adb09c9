internal import Foundation
internal import Syncer

/// From seconds to the rows and columns of a chart in a terminal.
///
/// Where there is a target, a row is a factor of two: the target in the middle, the first row all that
/// is longer, the last all that is shorter. So what is near shows, whatever the longest is. Without a
/// target the rows are equal steps of the logarithm from the shortest to the longest.
struct TerminalScale {
  /// How many rows there are.
  static let rows = 9
  private static let middle = rows / 2

  private let columns: Int
  private let endSeconds: Double
  private let target: Double?
  /// The chunks' least and most, in seconds.
  private let least, most: Double

  /// Fits some durations above zero into so many columns.
  init(durations: [Double], target: Double?, columns: Int, endSeconds: Double) {
    (self.columns, self.endSeconds) = (columns, endSeconds)
    self.target = target.flatMap { $0 > 0 ? $0 : nil }
    least = durations.min() ?? 1
    most = durations.max() ?? 1
  }

  /// The row of a duration, from the top.
  func row(_ seconds: Double) -> Int {
    let row: Double
    if let target {
      row = (Double(Self.middle) - log2(seconds / target)).rounded()
    } else {
      row = most > least ? Double(Self.rows - 1) * log(most / seconds) / log(most / least) : 0
    }
    return Int(min(max(row, 0), Double(Self.rows - 1)))
  }

  /// What stands beside a row; nothing where it would say what its neighbours do.
  ///
  /// The ends say how far they go where something is beyond a factor of two.
  func mark(_ row: Int) -> String {
    guard let target else {
      if row == 0 { return DurationText.text(most) }
      return row == Self.rows - 1 && least < most ? DurationText.text(least) : ""
    }
    let value = target * exp2(Double(Self.middle - row))
    if row == 0 && most > value { return "≤ \(DurationText.text(most))" }
    if row == Self.rows - 1 && least < value { return "≥ \(DurationText.text(least))" }
    return (row - Self.middle).isMultiple(of: 2) ? DurationText.text(value) : ""
  }

  /// Whether the target is in a row.
  func isTarget(_ row: Int) -> Bool { target != nil && row == Self.middle }

  /// The column of a moment, from the left.
  func column(_ seconds: Double) -> Int {
    min(max(Int(seconds / endSeconds * Double(columns)), 0), columns - 1)
  }
}
