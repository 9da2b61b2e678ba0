// Package tools pins the Temporal CLI that the embedded development server is built from.
package tools

import _ "github.com/temporalio/cli/cmd/temporal"
