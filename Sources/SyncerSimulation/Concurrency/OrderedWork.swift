internal import Foundation

/// Numbered pieces of work that run on several cores, their results taken in order.
///
/// What is made of the results does not depend on the number of cores.
struct OrderedWork<Result: Sendable>: Sendable {
  /// How many pieces there are, numbered from 0.
  let count: Int
  /// How many run at once, at least 1.
  let width: Int
  /// Does one piece.
  let piece: @Sendable (Int) async throws -> Result

  /// Makes work on so many cores, all of the machine's where none are given.
  init(count: Int, cores: Int? = nil, piece: @escaping @Sendable (Int) async throws -> Result) {
    self.count = count
    width = cores ?? max(1, ProcessInfo.processInfo.activeProcessorCount)
    self.piece = piece
  }

  /// Does all pieces; returns their results in order.
  func results() async throws -> [Result] {
    var results: [Result] = []
    try await run { results.append($1) }
    return results
  }

  /// Does all pieces.
  ///
  /// Twice as many results as run at once may wait for one before them; no more are kept.
  ///
  /// - Parameters:
  ///   - willStart: Called before a piece starts, in order.
  ///   - take: Called with every result, in order.
  /// - Throws: what the first failing piece throws; all others are cancelled.
  func run(
    willStart: (Int) -> Void = { _ in }, take: (Int, Result) throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      var started = 0
      var done = InOrder<Result>()
      while done.takenCount < count {
        while started < count, started - done.takenCount - done.waitingCount < width,
          started - done.takenCount < 2 * width
        {
          let number = started
          willStart(number)
          group.addTask { (number, try await piece(number)) }
          started += 1
        }
        guard let (number, result) = try await group.next() else { return }
        try done.add(result, number: number, take: take)
      }
    }
  }
}

/// Something made once for several pieces of work, by whichever needs it first, and then forgotten.
actor SharedForPieces<Value: Sendable> {
  private let make: @Sendable (Int) throws -> Value
  private let uses: Int
  private var made: [Int: (task: Task<Value, any Error>, usesLeft: Int)] = [:]

  /// Makes values of which each is shared by `uses` pieces.
  init(uses: Int, make: @escaping @Sendable (Int) throws -> Value) {
    self.uses = uses
    self.make = make
  }

  /// The value of that number.
  func value(_ number: Int) async throws -> Value {
    let (task, left) =
      made[number] ?? (Task { [make] in try make(number) }, uses)
    made[number] = left > 1 ? (task, left - 1) : nil
    return try await task.value
  }
}
