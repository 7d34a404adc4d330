// AssemblyScript: the hot loops, compiled by bin/build-kernels.ts. Every function works on places
// in memory that its caller lays out; nothing here allocates. docs/kernels.md has the layout.

export * from './codes';
export * from './meeting';
export * from './vectors';
export * from './inflate';
export * from './text';
export * from './terms';
