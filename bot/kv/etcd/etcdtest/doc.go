// Package etcdtest runs three real etcd processes on this machine for tests and benches, and stands in every way
// between them.
//
// The server is built from its module, at the version that .ci/etcd.mod names, and kept in the user's cache directory;
// the first test process that comes builds it, the others wait. Nodes speak TLS with each other and with clients,
// both sides showing certificates, and ask for a user and a password, as a mission's own do.
//
// Every connection goes through a proxy of this package: each node asks its peers through a proxy of its own (so that
// the way from one to another can be cut while the way back is open), and each client that wants to be cut off alone
// has doors of its own (NewDoors). A way can be cut, held (nothing passes, nothing is lost: a network that is gone for
// a while), made to lose what it carries, or be slow. TLS passes through unopened. A disk can be slow too: with Options.Slow
// the server is built from the same source but for a wait before each flush, which no other program has.
//
// No process outlives the test process: each dies with the thread that started it (on Linux), and with Close.
//
// Everything but this file needs the build tag etcd.
package etcdtest
