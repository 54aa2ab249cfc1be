import { writeFileSync } from 'node:fs';

const hintPattern = /skipped: (this suite needs .*)/;

/** Counts tests and collects which suites lack a tool, for the closing lines of `npm test`. */
export default class SummaryReporter {
  #vitest;
  #hints = new Map();

  onInit(vitest) {
    this.#vitest = vitest;
  }

  onUserConsoleLog({ content, taskId }) {
    const hint = hintPattern.exec(content)?.[1];
    if (hint === undefined) return;
    const file = this.#vitest.state.idMap.get(taskId)?.file.name ?? 'a test file';
    this.#hints.set(file, (this.#hints.get(file) ?? new Set()).add(hint));
  }

  onTestRunEnd(modules, errors) {
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      let tests = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === 'pending' ? 'skipped' : state] += 1;
        tests += 1;
      }
      // A file that fails before its first test has no test to count.
      if (tests === 0 && module.state() === 'failed') counts.failed += 1;
    }
    const suites = [...this.#hints].map(([file, hints]) => ({ file, hints: [...hints] }));
    const file = process.env.FORGE_RESUME_TEST_SUMMARY;
    if (file) writeFileSync(file, JSON.stringify({ ...counts, suites }));
  }
}
