//go:build etcd

package etcd

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	grpcbackoff "google.golang.org/grpc/backoff"

	"amana/bot/kv"
)

// Options say how a database in a cluster is reached. Endpoints and Mission are needed; the rest is good as it is, but
// without TLS only this machine itself is spoken to.
type Options struct {
	Endpoints      []string    // of the members: https://host:port each
	Mission        string      // whose keys stand below Prefix(Mission)
	TLS            *tls.Config // with a certificate of our own, where the cluster asks for one
	User, Password string      // none if the cluster knows us by our certificate, or asks nobody
	AnyState       bool        // open a database too that is not to be served, to move it
	Stray          bool        // open one too that was made in another cluster, or was brought back, to copy it
	Seen           Seen        // how far the process before this one saw it come; none looks at nothing

	Attempt  time.Duration    // how long one member may take to answer before another is asked; 0 is two seconds
	Patience time.Duration    // how long an Update may take in all, waits and repetitions included; 0 is ten seconds
	Silence  time.Duration    // how long the whole cluster may owe a View or an Update an answer before it is away; 0 is four and a half seconds
	Now      func() time.Time // tells the day of updates with an id; nil is the clock of the machine
	Log      *slog.Logger     // what an operator should hear; nil is nobody
}

const (
	attemptTime  = 2 * time.Second
	patienceTime = 10 * time.Second

	// An election takes a second or two, and twice that where nobody won at first. What takes longer is none, and whoever
	// waits should hear so.
	silenceTime = 4500 * time.Millisecond

	// An answer holds at most a page of pairs, of the largest size; a request what the server takes with its usual settings
	// (--max-request-bytes).
	maxAnswer  = 32 << 20
	maxRequest = 1536 << 10

	// A member that is not heard of for so long, while it owes an answer, is given up. A server takes a ping every five
	// seconds as abuse, and the library asks no more often than every ten.
	aliveAfter, aliveWithin = 10 * time.Second, 3 * time.Second

	// A member that was away is tried again at least so often.
	dialAgain = 3 * time.Second
)

func (o Options) withDefaults() Options {
	if o.Attempt == 0 {
		o.Attempt = attemptTime
	}
	if o.Patience == 0 {
		o.Patience = patienceTime
	}
	if o.Silence == 0 {
		o.Silence = silenceTime
	}
	o.Silence = min(o.Silence, o.Patience)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// check refuses what cannot work, or would give away what is sent.
func (o Options) check() error {
	if len(o.Endpoints) == 0 {
		return errors.New("no endpoints of the cluster are named")
	}
	for _, e := range o.Endpoints {
		if err := checkEndpoint(e, o.TLS != nil); err != nil {
			return err
		}
	}
	if (o.User == "") != (o.Password == "") {
		return errors.New("a user of the cluster needs a password, and a password a user")
	}
	return nil
}

// connect makes the client. It does not wait for the cluster, unless it has to show a password.
func connect(o Options, c *course) (*clientv3.Client, error) {
	tr := new(trail)
	client, err := clientv3.New(clientv3.Config{
		Context:              context.WithValue(context.Background(), trailKey{}, tr),
		Endpoints:            o.Endpoints,
		TLS:                  o.TLS,
		Username:             o.User,
		Password:             o.Password,
		DialTimeout:          o.Attempt,
		DialKeepAliveTime:    aliveAfter,
		DialKeepAliveTimeout: aliveWithin,
		MaxCallSendMsgSize:   maxRequest,
		MaxCallRecvMsgSize:   maxAnswer,
		// Each request is sent once. The client would repeat one that the server has given up waiting for, which may have
		// been applied; what may be asked again, and under which guard, is ours to say.
		MaxUnaryRetries: 1,
		Logger:          zap.NewNop(), // it would write to the standard error as it pleases
		DialOptions: []grpc.DialOption{
			grpc.WithDisableRetry(),
			grpc.WithDisableServiceConfig(), // of the client, which goes round the members
			grpc.WithDefaultServiceConfig(policyConfig),
			grpc.WithNoProxy(), // what a proxy is set for in the environment is the way to Telegram
			grpc.WithStatsHandler(sends{}),
			grpc.WithChainUnaryInterceptor(noting, c.watch),
			grpc.WithStreamInterceptor(signed), // in the place of the client's
			grpc.WithConnectParams(grpc.ConnectParams{
				Backoff:           grpcbackoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: dialAgain},
				MinConnectTimeout: dialAgain,
			}),
		},
	})
	return client, tr.tell(err)
}

// checkEndpoint refuses an address at which everything would travel in the clear, unless it is on this machine. The client
// itself takes an http:// address as a wish to drop the encryption that was configured.
func checkEndpoint(endpoint string, encrypted bool) error {
	scheme, rest, found := strings.Cut(endpoint, "://")
	if !found {
		return fmt.Errorf("endpoint %s: write https:// before it", endpoint)
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Hostname() == "" || u.Port() == "" || u.Path != "" || u.User != nil {
		return fmt.Errorf("endpoint %s: an address is https://host:port", endpoint)
	}
	switch {
	case scheme == "https" && encrypted:
		return nil
	case scheme == "https":
		return fmt.Errorf("endpoint %s: name the authority that signed the certificates of the cluster", endpoint)
	case scheme == "http" && encrypted:
		return fmt.Errorf("endpoint %s: certificates are named, so it must be https://%s", endpoint, rest)
	case scheme == "http" && loopback(u.Hostname()):
		return nil
	}
	return fmt.Errorf("endpoint %s: everything would travel in the clear; set up TLS and write https://%s", endpoint, rest)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

var (
	_ kv.Store   = (*Store)(nil)
	_ kv.Settler = (*Store)(nil)
	_ kv.Elector = (*Store)(nil)
)
