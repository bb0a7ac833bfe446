/**
 * Runs Stryker under the Node that `scripts/mutation.mjs` found. The arguments are a folder of
 * tests, then the files to mutate.
 */
import { Stryker } from '@stryker-mutator/core'

const [tests = '', ...files] = process.argv.slice(2)

await new Stryker({
  mutate: files,
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts', dir: tests, related: false },
  coverageAnalysis: 'perTest',
  // A mutation of code that runs while a module loads would require all tests to run again.
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 30_000,
  // Not below node_modules, where Node strips no types: the tests' threads run from this copy.
  tempDirName: 'var/stryker',
  // TypeScript 7 has no API that could rewrite the paths in tsconfig.json; the tests need none.
  tsconfigFile: 'none',
  ignorePatterns: ['dist'],
  reporters: ['clear-text'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  allowConsoleColors: false,
}).runMutationTest()
