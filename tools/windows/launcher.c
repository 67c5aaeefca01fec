/* mureg.exe: runs python\python.exe -m mureg with the same arguments, and ends with its exit code. */
#define _WIN32_WINNT 0x0601
#include <windows.h>
#include <stdlib.h>
#include <wchar.h>

/* Ctrl-C is for mureg, which the console tells too. */
static BOOL WINAPI leave_to_mureg(DWORD event) { return event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT; }

/* What follows the program's own name on the command line, as it was typed. */
static const wchar_t *arguments(const wchar_t *line) {
    BOOL quoted = FALSE;
    for (; *line && (quoted || (*line != L' ' && *line != L'\t')); line++)
        if (*line == L'"') quoted = !quoted;
    return line;
}

int wmain(void) {
    static wchar_t folder[32768], python[32800], line[65536];
    DWORD length = GetModuleFileNameW(NULL, folder, 32768), code = 1;
    if (length == 0 || length == 32768) return 1;
    *wcsrchr(folder, L'\\') = 0;
    swprintf(python, 32800, L"%ls\\python\\python.exe", folder);
    if (swprintf(line, 65536, L"\"%ls\" -m mureg%ls", python, arguments(GetCommandLineW())) < 0) return 1;

    /* Whoever ends this program ends mureg too. */
    HANDLE job = CreateJobObjectW(NULL, NULL);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK;
    SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);

    SetConsoleCtrlHandler(leave_to_mureg, TRUE);
    STARTUPINFOW start = {0};
    PROCESS_INFORMATION process;
    start.cb = sizeof start;
    if (!CreateProcessW(python, line, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &start, &process)) return 1;
    AssignProcessToJobObject(job, process.hProcess);
    ResumeThread(process.hThread);
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    return (int)code;
}
