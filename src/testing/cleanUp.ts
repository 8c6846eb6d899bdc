type Task = () => void;

const tasks = new Set<Task>();

/** Has a task done by the next `cleanUp`; the returned function takes it back. */
export function atCleanUp(task: Task): Task {
  tasks.add(task);
  return () => {
    tasks.delete(task);
  };
}

/**
 * Destroys all test phones, removes the elements they drew into, and takes the fake media away, the
 * last made first. Give it to what your test runner calls after each test: `afterEach(cleanUp)`.
 */
export function cleanUp(): void {
  for (const task of [...tasks].reverse()) {
    tasks.delete(task);
    task();
  }
}
