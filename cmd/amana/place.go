package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
)

// engine is a database that lasts.
type engine interface {
	kv.Store
	kv.Settler
	Walk(ctx context.Context, fn func(kv.Pair) error) error
	State(ctx context.Context) (kv.State, error)
	SetState(ctx context.Context, was, is kv.State) error
}

// openEngine opens the database of a mission where its configuration says that it lies. It never makes one: a name, a path or
// an address that is wrong must not look like a mission to which nobody has reported yet.
func openEngine(ctx context.Context, c *config, now func() time.Time) (engine, error) {
	e, err := openPlace(ctx, c, c.place, now, c.anyState)
	switch {
	case errors.Is(err, fs.ErrNotExist) && c.place.clustered():
		return nil, errConfig{fmt.Sprintf("%s: the cluster answers and holds no mission %s; look at the name and at endpoints, bring a database there with `amana migrate`, or restore one with `amana restore`", c.at(c.storeSetting()), c.place.mission)}
	case errors.Is(err, fs.ErrNotExist):
		return nil, errConfig{fmt.Sprintf("%s: the database %s is not there; restore it with `amana restore`, or make a new house with `amana init`", c.at(c.storeSetting()), c.Database)}
	case errors.Is(err, kv.ErrMoved):
		return nil, errConfig{fmt.Sprintf("%s: %v: name that place under store:. If the move was not finished, the same `amana migrate` begins it anew, and `amana migrate -release %s` takes it back", c.at(c.storeSetting()), err, c.place)}
	case errors.Is(err, kv.ErrFilling):
		return nil, errConfig{fmt.Sprintf("%s: %s holds a copy that was begun and never finished, and is not served: run the same `amana migrate` or `amana restore` again, which begins it anew", c.at(c.storeSetting()), c.place)}
	case brought(err):
		return nil, c.wentBack(err)
	case errors.Is(err, kv.ErrAway): // which is nothing that the configuration says wrong: a start is tried again
		return nil, fmt.Errorf("%w; `amana check` says which nodes answer, and `amana operate etcd` what to do", err)
	}
	return e, err
}

// brought says that a database was brought to where it lies by something that knows nothing of it.
func brought(err error) bool { return errors.Is(err, kv.ErrStray) || errors.Is(err, kv.ErrBack) }

// wentBack says what to do about that, at a start and in a process that serves.
func (c *config) wentBack(err error) error {
	return errConfig{fmt.Sprintf("%s: %v, by a snapshot of etcd, or by a node that lacked the newest and was made the cluster: it lacks what was saved since, and may hold readers who were revoked and what was deleted. Nothing more is written to it. Stop every `amana serve`. If there is a newer backup, take the mission away and restore that; else `amana backup FILE`, take it away, and `amana restore FILE`, by which it is held until the coordinator confirms the roster (`amana operate etcd`, “restoring a backup”)", c.at(c.storeSetting()), err)}
}

// openPlace opens a database in a file or in a cluster; anyState lets it be one that is not to be served.
func openPlace(ctx context.Context, c *config, p location, now func() time.Time, anyState bool) (engine, error) {
	if p.clustered() {
		return openCluster(ctx, c, p.mission, now, anyState)
	}
	e, err := bolt.Open(p.file, bolt.Options{Now: now, AnyState: anyState, Around: c.ground.disk})
	if err != nil {
		return nil, err // and not an engine that holds a nil pointer
	}
	return e, nil
}

// target is a database in the making. Nobody serves it before it is told to be served; a kill at any instant leaves none, or
// one that is known to be half done, and the next fill begins anew.
type target interface {
	place() location                           // where it lies until then
	fill(ctx context.Context, w kv.Walk) error // an error that is fs.ErrExist: there is a database already
	sum(ctx context.Context) (kv.Sum, error)   // of what lies there
	serve(ctx context.Context) error
}

// newTarget gives a database that is to be made.
func newTarget(c *config, p location, now func() time.Time) target {
	if p.clustered() {
		return &clusterTarget{config: c, mission: p.mission, now: now}
	}
	return fileTarget{p.file}
}

// fileTarget is made under another name beside the one that it will have.
type fileTarget struct{ path string }

func (t fileTarget) place() location { return location{file: t.path + ".restoring"} }

func (t fileTarget) fill(ctx context.Context, w kv.Walk) error {
	if _, err := os.Lstat(t.path); err == nil {
		return fs.ErrExist
	}
	if err := os.Remove(t.place().file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("clearing what was left half done: %w", err)
	}
	return bolt.Fill(ctx, t.place().file, w)
}

func (t fileTarget) sum(ctx context.Context) (kv.Sum, error) {
	return kv.Digest(ctx, bolt.WalkFile(t.place().file))
}

// serve gives the file its name. Unlike a rename, a link never takes another's place.
func (t fileTarget) serve(context.Context) error {
	half := t.place().file
	if err := os.Link(half, t.path); err != nil {
		return fmt.Errorf("putting the database in its place: %w", err)
	}
	if err := os.Remove(half); err != nil {
		return err
	}
	if dir, err := os.Open(filepath.Dir(t.path)); err == nil {
		_ = dir.Sync()
		dir.Close()
	}
	return nil
}
