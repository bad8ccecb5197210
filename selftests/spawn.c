// SPDX-License-Identifier: GPL-2.0
/*
 * A builtin for the shell that runs a kselftest: starts a program without a
 * copy of the shell, whose making and tearing down costs several times what the
 * program does, most of all in User Mode Linux and in an emulated machine.
 *
 *	spawn [-n NAMESPACE] [-v VARIABLE] COMMAND [ARGUMENT]...
 *
 *   -n  in that network (of `ip netns`)
 *   -v  what it prints goes into that variable, as by VARIABLE=$(...)
 *
 * Its status is the command's. Not for the background: what the shell knows of
 * there would be a copy of itself, not the command.
 *
 * To be loaded with: enable -f out/spawn.so spawn
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What bash's headers for loadable builtins say (loadables.h, command.h). */
struct word_desc {
	char *word;
	int flags;
};

struct word_list {
	struct word_list *next;
	struct word_desc *word;
};

struct builtin {
	const char *name;
	int (*function)(struct word_list *words);
	int flags;
	char *const *long_doc;
	const char *short_doc;
	char *handle;
};

#define BUILTIN_ENABLED		1
#define CMDSRCH_HASH		1
#define EX_NOEXEC		126
#define EX_NOTFOUND		127
#define EX_USAGE		258

extern char **export_env;
void maybe_make_export_env(void);
char *search_for_command(const char *name, int flags);
void *bind_variable(const char *name, char *value, int flags);

struct job {
	const char *netns;
	const char *variable;
	char **argv;
	int out[2];		/* what it prints, when that is wanted */
};

static int complain(const char *what, int status)
{
	fprintf(stderr, "spawn: %s: %s\n", what, strerror(errno));
	return status;
}

/* The words after the options, which are never more than there are. */
static int parse(struct job *job, struct word_list *words)
{
	const char **value;
	struct word_list *w;
	size_t n = 1;

	while (words && words->next && words->word->word[0] == '-') {
		value = !strcmp(words->word->word, "-n") ? &job->netns :
			!strcmp(words->word->word, "-v") ? &job->variable : NULL;
		if (!value)
			return -1;
		*value = words->next->word->word;
		words = words->next->next;
	}
	if (!words)
		return -1;
	for (w = words; w; w = w->next)
		n++;
	job->argv = calloc(n, sizeof(*job->argv));
	if (!job->argv)
		return -1;
	for (n = 0, w = words; w; w = w->next)
		job->argv[n++] = w->word->word;
	return 0;
}

/*
 * The shell itself enters the network for the time that it takes to start the
 * program.
 */
static int enter(const char *netns, int *home)
{
	char path[256];
	int fd, err;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	*home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*home < 0 || fd < 0)
		return -1;
	err = setns(fd, CLONE_NEWNET);
	close(fd);
	return err;
}

static void leave(int home)
{
	if (setns(home, CLONE_NEWNET)) {
		perror("spawn: the way back");
		_exit(EX_NOEXEC);
	}
}

static int start(struct job *job, const char *path, const sigset_t *mask, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int err;

	posix_spawn_file_actions_init(&files);
	if (job->variable)
		posix_spawn_file_actions_adddup2(&files, job->out[1], STDOUT_FILENO);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, mask);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	err = posix_spawn(pid, path, &files, &attr, job->argv, export_env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	errno = err;
	return err ? -1 : 0;
}

/* All of it, without the newlines at its end; as the shell's own does. */
static char *read_all(int fd)
{
	size_t size = 0, room = 0;
	char *text = NULL, *more;
	ssize_t n;

	for (;;) {
		if (room - size < 4096) {
			room = room ? 2 * room : 16384;
			more = realloc(text, room);
			if (!more)
				break;
			text = more;
		}
		n = read(fd, text + size, room - size - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		size += n;
	}
	if (!text)
		return NULL;
	while (size && text[size - 1] == '\n')
		size--;
	text[size] = '\0';
	return text;
}

static void keep(struct job *job)
{
	char *text;

	close(job->out[1]);
	text = read_all(job->out[0]);
	close(job->out[0]);
	bind_variable(job->variable, text ?: "", 0);
	free(text);
}

/* SIGCHLD is blocked: the shell would take the child for one of its own. */
static int run(struct job *job, const char *path, const sigset_t *mask)
{
	int status, home = -1, err;
	pid_t pid;

	if (job->variable && pipe2(job->out, O_CLOEXEC))
		return complain("pipe", EX_NOEXEC);
	err = job->netns ? enter(job->netns, &home) : 0;
	if (err) {
		complain(job->netns, 0);
	} else {
		err = start(job, path, mask, &pid);
		if (err)
			complain(path, 0);
		if (job->netns)
			leave(home);
	}
	if (home >= 0)
		close(home);
	if (job->variable)
		keep(job);
	if (err)
		return EX_NOEXEC;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return complain("wait", EX_NOEXEC);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int spawn(struct word_list *words)
{
	struct job job = { 0 };
	sigset_t chld, mask;
	char *path;
	int status;

	if (parse(&job, words))
		return EX_USAGE;
	path = search_for_command(job.argv[0], CMDSRCH_HASH);
	if (path) {
		maybe_make_export_env();
		sigemptyset(&chld);
		sigaddset(&chld, SIGCHLD);
		sigprocmask(SIG_BLOCK, &chld, &mask);
		status = run(&job, path, &mask);
		sigprocmask(SIG_SETMASK, &mask, NULL);
	} else {
		errno = ENOENT;
		status = complain(job.argv[0], EX_NOTFOUND);
	}
	free(path);
	free(job.argv);
	return status;
}

static char *const long_doc[] = { "Starts a program without a copy of the shell.", NULL };

__attribute__((visibility("default")))
struct builtin spawn_struct = {
	"spawn", spawn, BUILTIN_ENABLED, long_doc,
	"spawn [-n NAMESPACE] [-v VARIABLE] COMMAND [ARGUMENT]...", NULL,
};
