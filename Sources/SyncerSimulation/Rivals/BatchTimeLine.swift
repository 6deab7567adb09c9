/// The line that Beam fits to the sizes and times of chunks: `d = a + b * n`.
///
/// Of the points, sorted by size and then time, the lowest 80 % are used, but at least 20. With
/// fewer than 10 of them it is the line of least squares. Else points whose Cook's distance exceeds
/// 0.5 are left out, and the line is fitted again to residuals over `n`, as small chunks say more
/// about the fixed time.
///
/// Where all sizes are equal no line exists: `a` is then 0. Where leaving points out leaves no two
/// sizes, the first line stands.
struct BatchTimeLine: Equatable {
  /// What a chunk takes whatever its size, in seconds; may be negative.
  private(set) var fixedSeconds: Double
  /// What an item adds, in seconds; may be negative.
  private(set) var secondsPerItem: Double

  /// Fits the line; there is at least one point.
  init(_ points: [BeamScheduler.Point]) {
    let sorted = points.sorted { ($0.count, $0.seconds) < ($1.count, $1.seconds) }
    let lowest = Array(sorted.prefix(max(20, points.count * 4 / 5)))
    guard let line = Self.fitted(to: lowest, weight: { _ in 1 }) else {
      let count = lowest.reduce(0) { $0 + $1.count }
      self.init(
        fixedSeconds: 0, secondsPerItem: lowest.reduce(0) { $0 + $1.seconds } / max(count, 1))
      return
    }
    self = line
    guard lowest.count >= 10 else { return }
    let kept = line.withoutOutliers(lowest)
    if let refitted = Self.fitted(to: kept, weight: { 1 / ($0.count * $0.count) }) {
      self = refitted
    }
  }

  init(fixedSeconds: Double, secondsPerItem: Double) {
    self.fixedSeconds = fixedSeconds
    self.secondsPerItem = secondsPerItem
  }

  /// The line that minimises the weighted sum of squared residuals; nil where it is not unique.
  private static func fitted(
    to points: [BeamScheduler.Point], weight: (BeamScheduler.Point) -> Double
  ) -> BatchTimeLine? {
    guard let first = points.first, points.contains(where: { $0.count != first.count }) else {
      return nil
    }
    var total = 0.0
    var counts = 0.0
    var seconds = 0.0
    for point in points {
      let weight = weight(point)
      total += weight
      counts += weight * point.count
      seconds += weight * point.seconds
    }
    let meanCount = counts / total
    let meanSeconds = seconds / total
    var spread = 0.0
    var common = 0.0
    for point in points {
      let deviation = point.count - meanCount
      spread += weight(point) * deviation * deviation
      common += weight(point) * deviation * (point.seconds - meanSeconds)
    }
    guard spread > 0 else { return nil }
    let slope = common / spread
    return BatchTimeLine(
      fixedSeconds: meanSeconds - slope * meanCount, secondsPerItem: slope)
  }

  /// The points whose Cook's distance from this line, their least squares, is at most 0.5.
  private func withoutOutliers(_ points: [BeamScheduler.Point]) -> [BeamScheduler.Point] {
    let number = Double(points.count)
    let mean = points.reduce(0) { $0 + $1.count } / number
    let spread = points.reduce(0) { $0 + ($1.count - mean) * ($1.count - mean) }
    let errors = points.map { fixedSeconds + secondsPerItem * $0.count - $0.seconds }
    let variance = errors.reduce(0) { $0 + $1 * $1 } / (number - 2)
    guard variance > 0 else { return points }
    return zip(points, errors).filter { point, error in
      let deviation = point.count - mean
      let leverage = 1 / number + deviation * deviation / spread
      let rest = (1 - leverage) * (1 - leverage)
      return error * error / (2 * variance) * leverage / rest <= 0.5
    }.map(\.0)
  }
}
