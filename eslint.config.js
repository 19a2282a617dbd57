/* Style of the JavaScript of the maps and of its tests. */
import js from '@eslint/js';
import globals from 'globals';

/* Data reach the reader as text: what parses markup or runs a string has no place here. */
const MARKUP = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'createContextualFragment', 'srcdoc'];
const TEXT = 'Data are text: use textContent or append.';
const properties = [
  ...MARKUP.map((property) => ({ property, message: TEXT })),
  ...['write', 'writeln'].map((property) => ({ object: 'document', property, message: 'Use append.' })),
];

export default [
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['pipeline/atlas/assets/js/*.js', 'tests/js/*.js', 'eslint.config.js'],
    languageOptions: { ecmaVersion: 2022, sourceType: 'module' },
    rules: {
      ...js.configs.recommended.rules,
      'eqeqeq': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-properties': ['error', ...properties],
      'no-unused-vars': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['pipeline/atlas/assets/js/*.js'],
    languageOptions: { globals: { ...globals.browser, L: 'readonly' } },
    rules: {
      /* What scripts.py puts into one script. */
      'no-restricted-syntax': ['error',
        { selector: 'ExportDefaultDeclaration, ExportAllDeclaration, ExportNamedDeclaration[source]', message: 'Export by name, where it stands.' },
        { selector: 'ExportSpecifier', message: 'Write export before the declaration.' },
        { selector: 'ImportDefaultSpecifier, ImportNamespaceSpecifier', message: 'Import by name.' },
        { selector: 'ImportExpression', message: 'A file that is opened from disk can load nothing.' },
        /* Object.assign(element, { innerHTML }) */
        { selector: `Property[key.name=/^(${MARKUP.join('|')})$/]`, message: TEXT },
      ],
    },
  },
  { files: ['tests/js/*.js'], languageOptions: { globals: globals.node } },
];
