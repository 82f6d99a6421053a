// Package folder fits a company's own folder (package scenarios/company): what is asked of package fit, where single
// runs are kept so that an interrupted fit goes on, and the plan and the joint draws that are written into the
// folder.
package folder
