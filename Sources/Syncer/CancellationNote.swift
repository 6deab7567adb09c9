public import Synchronization

/// Whether the task of a sync was cancelled, noted where it happens.
///
/// Asking the task itself before every item costs more than everything else the loop does with it.
@usableFromInline
final class CancellationNote: Sendable {
  @usableFromInline let flag = Atomic<Bool>(false)

  @usableFromInline init() {}

  @inlinable var isNoted: Bool { flag.load(ordering: .relaxed) }

  @usableFromInline
  func note() { flag.store(true, ordering: .relaxed) }
}
