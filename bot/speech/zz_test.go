package speech_test
import ("testing";"runtime";"time";"amana/bot/speech";"amana/locales")
func TestZZLoad(t *testing.T){
 var a,b runtime.MemStats; runtime.GC(); runtime.ReadMemStats(&a); n:=time.Now()
 bk,err:=speech.Load(locales.FS); if err!=nil {t.Fatal(err)}
 d:=time.Since(n); runtime.GC(); runtime.ReadMemStats(&b)
 t.Log(d, len(bk.Languages()), (b.HeapAlloc-a.HeapAlloc)>>10, "KiB kept", (b.TotalAlloc-a.TotalAlloc)>>20,"MiB allocated"); runtime.KeepAlive(bk)
}
func BenchmarkLoad(b *testing.B){ for b.Loop(){ if _,err:=speech.Load(locales.FS); err!=nil {b.Fatal(err)} } }
