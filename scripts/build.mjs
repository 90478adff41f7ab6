/**
 * Builds `dist/`: the program in one bundle (Ink and React in pieces that only the shell loads), the library, and
 * its types. Run by `npm ci` through `prepare`. Built beside and swapped in at the end: a build that fails or is
 * still at work leaves the last one as it was.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildKernels } from './build-kernels.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const next = join('node_modules/.cache/graphwhittle', `dist-${process.pid}`);
mkdirSync(next, { recursive: true });
process.on('exit', () => rmSync(next, { recursive: true, force: true }));

/** Packages written for CommonJS call `require` inside an ES module's bundle. */
const banner = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`;

/** Ink loads its developer tools only when asked to; they stay out of the bundle. */
const withoutDevtools = {
	name: 'without-devtools',
	setup(builder) {
		builder.onResolve({ filter: /^react-devtools-core$/ }, () => ({
			path: 'react-devtools-core',
			namespace: 'empty',
		}));
		builder.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export default {};' }));
	},
};

const common = {
	bundle: true,
	platform: 'node',
	target: 'node20.19',
	format: 'esm',
	define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
	logLevel: 'warning',
};

await Promise.all([
	buildKernels(next),
	build({
		...common,
		entryPoints: ['src/cli.ts'],
		outdir: next,
		splitting: true,
		chunkNames: 'chunks/[name]-[hash]',
		banner: { js: banner },
		plugins: [withoutDevtools],
		// Yoga's loader asks whether there is a `fetch`, for which Node loads 30 ms of HTTP client; it needs none.
		define: { ...common.define, fetch: 'undefined' },
		// Identifiers stay, so that a stack trace can be read.
		minifyWhitespace: true,
		minifySyntax: true,
	}),
	build({ ...common, entryPoints: ['src/index.ts'], outfile: join(next, 'index.js'), packages: 'external' }),
]);
chmodSync(join(next, 'cli.js'), 0o755);

const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
const types = join(next, 'types');
const compiler = join(dirname(typescript), 'bin/tsc');
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.types.json', '--outDir', types], {
	stdio: 'inherit',
});
for (const file of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
	if (file.endsWith('.d.ts')) rewriteImports(join(types, file));
}
writeFileSync(join(types, 'index.d.ts'), "export * from './src/index.js';\n");
swap();

/** The last build makes way at once; it is deleted when the new one stands in its place. */
function swap() {
	const old = `${next}-old`;
	try {
		renameSync('dist', old);
	} catch (error) {
		if (error.code !== 'ENOENT') throw error;
	}
	renameSync(next, 'dist');
	rmSync(old, { recursive: true, force: true });
}

/** The compiler leaves `.ts` in the imports of declarations, where the files beside them end in `.d.ts`. */
function rewriteImports(path) {
	const text = readFileSync(path, 'utf8');
	writeFileSync(path, text.replace(/((?:from |import\()['"]\.{1,2}\/[^'"]+)\.tsx?(?=['"])/g, '$1.js'));
}
