package ticket

// consentOf is the question by which each leg was agreed to. No flow files a consent to one in the answer to the other.
var consentOf = map[string]string{LegComplaint: "consent_complaint", LegAssistance: "consent_help"}

// Agreement says how a reporter answered when asked whether a report may go one of its ways.
type Agreement string

// The agreements. Only the last one lets anything out.
const (
	NotAsked Agreement = "not_asked"
	Refused  Agreement = "refused"
	Given    Agreement = "given"
)

// AgreedTo reads the consents of a report for one leg. A question that was put again counts each time: one refusal refuses.
func AgreedTo(consents []Agreed, leg string) Agreement {
	step, known := consentOf[leg]
	found := NotAsked
	for _, c := range consents {
		switch {
		case !known || c.Step != step:
		case !c.Given:
			return Refused
		default:
			found = Given
		}
	}
	return found
}

// FiledIn names the flow in which a report was told: of those that file one, the flow that most of its answers were given
// in, the later of two. An answer that a person gave before, on the way there, counts in the report and keeps the name of
// the flow in which it was asked.
func FiledIn(answers []Said, files func(flow string) bool) (found string) {
	count := map[string]int{}
	for _, a := range answers {
		if files(a.Flow) {
			if count[a.Flow]++; count[a.Flow] >= count[found] {
				found = a.Flow
			}
		}
	}
	return found
}
