public import Synchronization

/// Whether the task of a sync was cancelled, set at that moment.
///
/// Asking the task itself before every item costs more than everything else the loop does with it.
@usableFromInline
final class CancellationFlag: Sendable {
  @usableFromInline let flag = Atomic<Bool>(false)

  @usableFromInline init() {}

  @inlinable var isSet: Bool { flag.load(ordering: .relaxed) }

  @usableFromInline
  func set() { flag.store(true, ordering: .relaxed) }
}
