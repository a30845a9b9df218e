package main

import (
	"fmt"
	"net/url"
	"strings"
)

// nodes gives what stands in the text about a cluster: the addresses of the configuration, or invented ones until there are
// some.
func (c *config) nodes() []string {
	mission := c.place.mission
	if mission == "" {
		mission = "relief"
	}
	hosts := []string{"10.0.0.1", "10.0.0.2", "10.0.0.3"}
	for n, e := range c.Etcd.Endpoints[:min(len(c.Etcd.Endpoints), len(hosts))] {
		if u, err := url.Parse(e); err == nil && u.Hostname() != "" {
			hosts[n] = u.Hostname()
		}
	}
	var sign, cluster, endpoints, quoted []string
	for n, host := range hosts {
		name := fmt.Sprintf("node%d", n+1)
		sign = append(sign, "sign "+name+" "+host)
		cluster = append(cluster, name+"=https://"+host+":2380")
		endpoints = append(endpoints, "https://"+host+":2379")
		quoted = append(quoted, fmt.Sprintf("%q", "https://"+host+":2379"))
	}
	return []string{
		"{{mission}}", mission, "{{prefix}}", "amana/" + mission + "/", "{{name1}}", "node1", "{{host1}}", hosts[0],
		"{{sign}}", strings.Join(sign, "\n"), "{{cluster}}", strings.Join(cluster, ","),
		"{{endpoints}}", strings.Join(endpoints, ","), "{{quoted}}", strings.Join(quoted, ", "),
	}
}
