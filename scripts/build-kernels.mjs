/** Compiles `assembly/` to WebAssembly with SIMD: the engine's kernels in shared memory, and loops over weights. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));

const modules = {
	kernels: [
		...['--enable', 'simd,threads', '--importMemory', '--sharedMemory'],
		...['--initialMemory', '16', '--maximumMemory', '65536'],
	],
	blocks: ['--enable', 'simd', '--initialMemory', '8'],
};

/** @param folder from the package's root; where the program looks for the modules unless given. */
export async function buildKernels(folder = 'dist') {
	await mkdir(join(root, folder), { recursive: true });
	for (const [name, options] of Object.entries(modules)) {
		const { error, stderr } = await asc.main(
			[
				`assembly/${name}.ts`,
				...['--baseDir', root, '--outFile', `${folder}/${name}.wasm`],
				...['-O3', '--noAssert', '--runtime', 'stub', ...options],
			],
			{ stdout: process.stdout, stderr: process.stderr },
		);
		if (error) throw new Error(`assembly/${name}.ts does not compile: ${error.message}\n${stderr}`);
	}
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
