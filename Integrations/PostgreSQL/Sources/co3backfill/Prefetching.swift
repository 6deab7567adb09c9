import Synchronization

/// A sequence that is read ahead by a task of its own, a few batches at most, while what came is worked at.
struct Prefetching<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable
where Base.Element: Sendable {
  typealias Element = Base.Element

  let base: Base
  var batchCount = 1_000

  init(_ base: Base) { self.base = base }

  func makeAsyncIterator() -> Iterator { Iterator(self) }

  struct Iterator: AsyncIteratorProtocol {
    private let reading: Reading<Element>
    private var batch: [Element] = []
    private var position = 0

    init(_ sequence: Prefetching) {
      let (base, batchCount) = (sequence.base, sequence.batchCount)
      reading = Reading { batches in
        var batch: [Element] = []
        for try await element in base {
          batch.append(element)
          if batch.count == batchCount {
            if !(await batches.send(batch)) { return }
            batch.removeAll(keepingCapacity: true)
          }
        }
        if !batch.isEmpty { _ = await batches.send(batch) }
      }
    }

    mutating func next() async throws -> Element? {
      if position == batch.count {
        guard let next = try await reading.next() else { return nil }
        batch = next
        position = 0
      }
      defer { position += 1 }
      return batch[position]
    }
  }
}

/// A task that reads, until it is done or nobody wants more.
private final class Reading<Element: Sendable>: Sendable {
  private let batches = Batches<Element>()
  private let task: Task<Void, Never>

  init(_ read: @escaping @Sendable (Batches<Element>) async throws -> Void) {
    task = Task { [batches] in
      do {
        try await read(batches)
        batches.end(nil)
      } catch {
        batches.end(error)
      }
    }
  }

  deinit {
    task.cancel()
    batches.abandon()
  }

  func next() async throws -> [Element]? {
    try await withTaskCancellationHandler {
      try await batches.receive()
    } onCancel: {
      task.cancel()
    }
  }
}

/// Batches on their way from one task to another.
private final class Batches<Element: Sendable>: Sendable {
  private struct State {
    var waiting: [[Element]] = []
    var end: Result<Void, any Error>?
    var isAbandoned = false
    var sender: CheckedContinuation<Void, Never>?
    var receiver: CheckedContinuation<Void, Never>?
  }

  private static var most: Int { 8 }

  private let state = Mutex(State())

  /// Hands a batch over, once there is room; false where nobody wants it.
  func send(_ batch: [Element]) async -> Bool {
    while true {
      let isSent: Bool? = state.withLock { state in
        if state.isAbandoned { return false }
        if state.waiting.count >= Self.most { return nil }
        state.waiting.append(batch)
        state.receiver.take()?.resume()
        return true
      }
      if let isSent { return isSent }
      await withCheckedContinuation { continuation in
        state.withLock { state in
          if state.isAbandoned || state.waiting.count < Self.most {
            continuation.resume()
          } else {
            state.sender = continuation
          }
        }
      }
    }
  }

  /// Takes the next batch; nil at the end.
  func receive() async throws -> [Element]? {
    while true {
      let batch: [Element]?? = try state.withLock { state in
        if !state.waiting.isEmpty {
          state.sender.take()?.resume()
          return state.waiting.removeFirst()
        }
        guard let end = state.end else { return .none }
        try end.get()
        return .some(nil)
      }
      if let batch { return batch }
      await withCheckedContinuation { continuation in
        state.withLock { state in
          if state.end != nil || !state.waiting.isEmpty {
            continuation.resume()
          } else {
            state.receiver = continuation
          }
        }
      }
    }
  }

  /// Nothing more comes, for a reason or as all is read.
  func end(_ error: (any Error)?) {
    state.withLock { state in
      state.end = error.map { .failure($0) } ?? .success(())
      state.receiver.take()?.resume()
    }
  }

  /// Nobody takes any more.
  func abandon() {
    state.withLock { state in
      state.isAbandoned = true
      state.sender.take()?.resume()
    }
  }
}
