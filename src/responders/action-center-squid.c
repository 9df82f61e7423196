/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program action-center-squid: Squid's external_acl_type starts it and asks it at each click
 * whether the URL is blocked. It holds the list in memory and looks before each answer, by one
 * stat(2), whether the file is still the one that it has read: so a change counts from the first
 * click after it, without a signal, a delay or a message that could get lost.
 *
 * Where the list cannot be read it goes on with the one that it read last, and says so on its
 * standard error, which is Squid's cache.log. Where it has never read one it refuses every click,
 * or with --fail-open lets every click through. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/ac-time.h"
#include "responders/ac-block-list-file.h"
#include "responders/ac-squid-answer.h"

/* Squid's longest request, percent-encoded, is far below this. */
#define LONGEST_LINE (1024 * 1024)

typedef struct
{
  const char *path;
  AcBlockList *list; /* nullable: none was read yet */
  char *trouble;     /* why the file that is there now is not the one in list */
  gboolean was_tried;
  struct stat status; /* of the file that was tried last; all zero: there was none */
} Source;

static gboolean
is_same_file (const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
         a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec &&
         a->st_mode == b->st_mode;
}

static void
say_trouble (Source *source, const char *message)
{
  if (g_strcmp0 (message, source->trouble) == 0)
    return;
  fprintf (stderr, "action-center-squid: %s %s\n", message,
           source->list != NULL ? "The list that was read last stays in force."
                                : "No list was read yet.");
  g_free (source->trouble);
  source->trouble = g_strdup (message);
}

static void
refresh (Source *source)
{
  struct stat now = { 0 };
  AcBlockList *list;
  g_autoptr (GError) error = NULL;

  if (stat (source->path, &now) != 0)
    memset (&now, 0, sizeof now);
  if (source->was_tried && is_same_file (&now, &source->status))
    return;
  source->was_tried = TRUE;
  source->status = now;
  /* When the file is replaced in between, what is kept is the status of the one that was read. */
  list = ac_block_list_load (source->path, &source->status, &error);
  if (list == NULL)
    {
      say_trouble (source, error->message);
      return;
    }
  g_clear_pointer (&source->list, ac_block_list_free);
  g_clear_pointer (&source->trouble, g_free);
  source->list = list;
}

/* Squid 5 takes an answer that comes in parts for none: so one write each. */
static gboolean
write_answer (const char *answer)
{
  size_t length = strlen (answer);
  ssize_t n;

  do
    n = write (STDOUT_FILENO, answer, length);
  while (n < 0 && errno == EINTR);
  return n == (ssize_t)length;
}

static gboolean
answer_line (Source *source, gboolean fail_open, const char *line, gsize length)
{
  g_autofree char *answer = NULL;

  refresh (source);
  answer = ac_squid_answer (source->list, source->trouble, fail_open, line, length, ac_time_now ());
  return write_answer (answer);
}

/* Answers until Squid has nothing more to ask. */
static int
answer_all (Source *source, gboolean fail_open)
{
  g_autoptr (GString) input = g_string_new (NULL);
  char buffer[65536];

  for (;;)
    {
      ssize_t n = read (STDIN_FILENO, buffer, sizeof buffer);
      const char *at, *stop;

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return n == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
      g_string_append_len (input, buffer, n);
      at = input->str;
      while ((stop = memchr (at, '\n', input->len - (gsize)(at - input->str))) != NULL)
        {
          if (!answer_line (source, fail_open, at, (gsize)(stop - at)))
            return EXIT_FAILURE;
          at = stop + 1;
        }
      g_string_erase (input, 0, at - input->str);
      if (input->len > LONGEST_LINE)
        {
          fprintf (stderr, "action-center-squid: This is no line of Squid's: it does not end.\n");
          return EXIT_FAILURE;
        }
    }
}

int
main (int argc, char **argv)
{
  gboolean fail_open = FALSE;
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
    { "fail-open", 0, 0, G_OPTION_ARG_NONE, &fail_open,
      "Let everything through while there is no list that can be read", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version and end", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("LIST");
  g_autoptr (GError) error = NULL;
  Source source = { NULL };
  int result;

  g_option_context_set_summary (context, "Tells Squid at each click what Action Center blocks.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || (!version && argc != 2))
    {
      fprintf (stderr, "action-center-squid: %s\nTry “action-center-squid --help”.\n",
               error != NULL ? error->message : "One argument is needed: the block list.");
      return 2;
    }
  if (version)
    {
      printf ("action-center-squid %s\n", AC_VERSION);
      return EXIT_SUCCESS;
    }
  source.path = argv[1];
  result = answer_all (&source, fail_open);
  g_clear_pointer (&source.list, ac_block_list_free);
  g_free (source.trouble);
  return result;
}
