import { defineConfig } from 'eslint/config'
import hooks from 'eslint-plugin-react-hooks'
import { builtinRules } from 'eslint/use-at-your-own-risk'
import tseslint from 'typescript-eslint'

const tests = ['**/*.test.ts', '**/*.test.tsx', '**/testing.ts', 'e2e/**', 'lib/**/contract-suite.ts', 'lib/**/testbed.ts']
const tools = ['scripts/**', 'bench/**', '*.config.ts', '*.config.js', '*.config.mjs', 'prisma.config.ts']

const pure = [
  'lib/manifest/**',
  'lib/install/form-schema.ts',
  'lib/install/partition-inputs.ts',
  'lib/install/clear-record.ts',
  'lib/authz/permission.ts',
  'lib/deployments/status.ts',
]
const impure = ['lib/manifest/fetch-template/**', 'lib/manifest/fetch-template.ts', 'lib/manifest/isolate.ts', 'lib/manifest/worker.*']

/** An import of one of our folders under lib/, by alias or by a relative path. */
const ours = (...folders) => `(^@/lib/|^\\.{1,2}/(.*/)?)(${folders.join('|')})(/|$)`

/**
 * One rule of the architecture. Each has a namespace of its own, so that several hold for one file:
 * ESLint lets a later setting of the same rule replace an earlier one.
 */
function boundary(name, { files, ignores = [], imports = [], globals = [], syntax = [] }) {
  return {
    files,
    ignores,
    plugins: { [name]: { rules: { imports: tseslint.plugin.rules['no-restricted-imports'], globals: builtinRules.get('no-restricted-globals'), syntax: builtinRules.get('no-restricted-syntax') } } },
    rules: {
      ...(imports.length > 0 ? { [`${name}/imports`]: ['error', { patterns: imports }] } : {}),
      ...(globals.length > 0 ? { [`${name}/globals`]: ['error', ...globals] } : {}),
      ...(syntax.length > 0 ? { [`${name}/syntax`]: ['error', ...syntax] } : {}),
    },
  }
}

const queries = '/^(find|create|update|upsert|delete|count|aggregate|groupBy)/'

const boundaries = [
  boundary('pure', {
    files: pure,
    ignores: [...tests, ...impure],
    imports: [
      { regex: '^(next|react|react-dom|@prisma|pg|prisma)(/|$)', message: 'A pure module knows no framework and no database.' },
      { regex: '^(node:.*|fs|path|os|crypto|child_process|worker_threads|net|http|https|stream|buffer|util|events|url|zlib)(/|$)', message: 'A pure module runs in the browser too.' },
      { regex: ours('db', 'env', 'log', 'context', 'crypto', 'secrets', 'runtimes', 'auth', 'audit'), allowTypeImports: true, message: 'A pure module does no input and output.' },
    ],
    globals: ['process', 'Buffer', 'fetch', 'XMLHttpRequest', 'WebSocket'].map((name) => ({ name, message: 'A pure module runs in the browser too and does no input and output.' })),
    syntax: [{ selector: 'ImportExpression', message: 'A pure module loads nothing at run time.' }],
  }),
  boundary('settings', {
    files: ['**/*.ts', '**/*.tsx'],
    ignores: ['lib/env.ts', 'instrumentation.ts', ...tests, ...tools],
    imports: [{ regex: '^(node:)?process$', message: 'Settings come from lib/env.ts.' }],
    syntax: [{ selector: 'MemberExpression[object.name="process"]:matches([property.name="env"], [property.value="env"])', message: 'Settings come from lib/env.ts.' }],
  }),
  boundary('pages', {
    files: ['app/**', 'components/**'],
    ignores: tests,
    imports: [
      { regex: ours('db', 'crypto', 'runtimes'), allowTypeImports: true, message: 'Pages and actions call verbs.' },
      { regex: ours('secrets/secret-store', 'secrets/secret-value'), message: 'Pages and actions call verbs.' },
      { regex: '^(@prisma|prisma|pg|@electric-sql)(/|$)', message: 'Pages and actions call verbs.' },
    ],
  }),
  boundary('secrets', {
    files: ['**/*.ts', '**/*.tsx'],
    ignores: ['lib/secrets/secret-store.ts', 'lib/crypto/**', ...tests],
    syntax: [
      { selector: `CallExpression[callee.property.name=${queries}][callee.object.property.name=/^(secret|secretVersion|dataKey)$/]`, message: 'Only lib/secrets/secret-store.ts and lib/crypto touch the models of secrets.' },
      { selector: 'TemplateElement[value.raw=/"(Secret|SecretVersion|DataKey)"/]', message: 'Only lib/secrets/secret-store.ts and lib/crypto touch the models of secrets.' },
    ],
  }),
  boundary('ciphers', {
    files: ['**/*.ts', '**/*.tsx'],
    ignores: ['lib/crypto/**', ...tests, ...tools],
    imports: [
      { regex: '^(node:)?crypto$', allowImportNames: ['createHash', 'randomBytes', 'randomInt', 'randomUUID', 'timingSafeEqual'], message: 'Ciphers and keys stay in lib/crypto.' },
    ],
    syntax: [{ selector: 'MemberExpression[object.name="crypto"][property.name="subtle"]', message: 'Ciphers and keys stay in lib/crypto.' }],
  }),
  boundary('reveal', {
    files: ['**/*.ts', '**/*.tsx'],
    ignores: ['lib/secrets/secret-value.ts', 'lib/secrets/secret-store.ts', 'lib/deployments/resolve-workload.ts', ...tests],
    syntax: [{ selector: 'CallExpression:matches([callee.property.name="reveal"], [callee.property.value="reveal"])', message: 'A secret is revealed where it is stored and where it is handed to a service.' }],
  }),
  boundary('runtimes', {
    files: ['lib/runtimes/**'],
    ignores: tests,
    imports: [
      { regex: '^(@prisma|prisma|pg|@electric-sql|next|next-auth|react)(/|$)', message: 'A runtime gets a resolved workload and nothing else.' },
      { regex: ours('db', 'auth', 'authz', 'secrets', 'crypto', 'env', 'audit', 'deployments', 'install'), message: 'A runtime gets a resolved workload and nothing else.' },
    ],
  }),
  ...['process', 'docker', 'kubernetes'].map((driver) =>
    boundary(`runtime-${driver}`, {
      files: [`lib/runtimes/${driver}/**`],
      ignores: tests,
      imports: [{ regex: `(^@/lib/runtimes/|^\\.\\./)(${['process', 'docker', 'kubernetes', 'memory'].filter((other) => other !== driver).join('|')})(/|$)`, message: 'Runtimes do not know each other.' }],
    }),
  ),
  boundary('engines', {
    files: ['**/*.ts', '**/*.tsx'],
    ignores: ['lib/runtimes/docker/**', 'bench/**', ...tests],
    imports: [{ regex: '^dockerode(/|$)', allowTypeImports: true, message: 'An engine’s SDK is loaded by its own driver alone.' }],
  }),
]

const nodeGlobals = Object.fromEntries(['process', 'console', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'URL', 'Buffer', 'fetch', 'AbortSignal'].map((name) => [name, 'readonly']))

export default defineConfig(
  { ignores: ['node_modules/', '.next/', '.latchkey/', 'lib/db/generated/', 'next-env.d.ts', 'test-results/', 'playwright-report/', 'bench/bare/'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': 'off',
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Wrong about flags that other callbacks set, or about taste alone.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  // react-hooks/refs takes react-hook-form's handleSubmit for a function that runs while rendering
  { files: ['app/**', 'components/**'], extends: [hooks.configs.flat.recommended], rules: { 'react-hooks/refs': 'off' } },
  { files: ['scripts/**', 'cli/**', 'bench/**', ...tests], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: nodeGlobals },
    rules: { 'no-undef': 'error', 'no-unused-vars': 'error', 'no-const-assign': 'error', 'no-unreachable': 'error', 'prefer-const': 'error' },
  },
  boundaries,
)
