package mem_test

import (
	"context"
	"fmt"

	"amana/bot/kv"
	"amana/bot/kv/mem"
)

// A notice and the mark that it is due are written together. Asked again with the same id, nothing happens twice.
func Example() {
	ctx, st := context.Background(), mem.New(nil)
	defer st.Close()
	id := kv.ID{0x5e, 0xa1} // random, drawn outside of the closure
	for range 2 {
		err := st.Update(ctx, id, func(tx kv.Tx) error {
			if err := tx.Put([]byte("notice/1"), []byte("sealed")); err != nil {
				return err
			}
			return tx.Put([]byte("due/2026-11-23/1"), nil)
		})
		if err != nil {
			fmt.Println(err)
		}
	}
	err := st.View(ctx, func(r kv.Reader) error {
		from, to := kv.Prefix([]byte("due/2026-11-23/"))
		due, err := r.Scan(from, to, 100)
		fmt.Println(len(due), "due")
		return err
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output: 1 due
}
