/// A queue: first in, first out, in constant time on average.
package struct FIFO<Element> {
  @usableFromInline var elements: [Element?] = []
  @usableFromInline var head = 0

  @inlinable package init() {}

  @inlinable package var isEmpty: Bool { head == elements.count }

  @inlinable package var count: Int { elements.count - head }

  @inlinable
  package mutating func append(_ element: Element) {
    elements.append(element)
  }

  @inlinable package var last: Element? { isEmpty ? nil : elements[elements.count - 1] }

  @inlinable
  package mutating func popLast() -> Element? { isEmpty ? nil : elements.removeLast() }

  @inlinable
  package mutating func popFirst() -> Element? {
    if isEmpty { return nil }
    let first = elements[head].take()
    head += 1
    // Taken places go when they are all there is, or most of what there is.
    if head == elements.count || (head > 1024 && head * 2 > elements.count) {
      elements.removeFirst(head)
      head = 0
    }
    return first
  }
}

extension FIFO: Sendable where Element: Sendable {}
