/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells a benchmark how a GTK program does: a GIO module that is loaded into it with
 * GIO_EXTRA_MODULES, as tests/window/probe.c is. It only looks.
 *
 * A turn is what the main loop does from one wait to the next; as long as it takes, the program
 * does not answer. A frame is what the frame clock does from before-paint to after-paint.
 *
 * Over the socket that AC_TRACE_SOCKET names, each line that comes in is answered by a line of
 * JSON:
 *
 * - start: the times (microseconds, monotonic) of the first frame and of the first one with texts
 * in a row of a list (0: not yet)
 *
 * - settle: answered when nothing has been painted for a while and no list is being loaded
 *
 * - mark: the longest turn since the mark before (wall and processor time, microseconds), how many
 *   turns and frames there were, and the longest frame
 *
 * - rows X: answered when every row that is painted has a text that begins with X: the time of that
 *   frame
 *
 * With AC_TRACE_LONG each turn that takes more processor time than that (microseconds) is told of
 * on standard error, as TURN with its begin, its end and its processor time, for a profile to be
 * cut by. */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <gtk/gtk.h>
#include <string.h>
#include <time.h>

/* Nothing is painted for so long (milliseconds): it has settled. */
#define QUIET 250

typedef struct
{
  GSocketConnection *connection;
  GDataInputStream *input;
} Client;

static GSocketService *service;
static GPollFunc real_poll;

static struct
{
  gint64 wall; /* of the longest turn */
  gint64 cpu;
  guint n_turns;
  guint n_frames;
  gint64 frame;
} marks;

static gint64 turn_started;
static gint64 turn_cpu;
static gint64 long_turn = G_MAXINT64; /* longer ones (processor time) are told of in the log */
static gint64 frame_started;
static gint64 last_frame;
static gint64 first_frame;
static gint64 first_rows;

/* One client waits for one thing at a time. */
static Client *settling;
static Client *waiting;
static char *wanted; /* by waiting */

static void answer (Client *client, const char *text);

static gint64
cpu_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gint
poll_cb (GPollFD *fds, guint n_fds, gint timeout)
{
  gint64 now = g_get_monotonic_time ();
  gint n_ready;

  if (turn_started != 0 && now - turn_started > marks.wall)
    marks.wall = now - turn_started;
  if (turn_started != 0)
    {
      gint64 cpu = cpu_now () - turn_cpu;

      marks.cpu = MAX (marks.cpu, cpu);
      marks.n_turns++;
      if (cpu > long_turn)
        g_printerr ("TURN %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                    turn_started, now, cpu);
    }
  n_ready = real_poll (fds, n_fds, timeout);
  turn_started = g_get_monotonic_time ();
  turn_cpu = cpu_now ();
  return n_ready;
}

/* --- rows --- */

/* The first list with columns below @widget that is on the screen. */
static GtkWidget *
find_view (GtkWidget *widget)
{
  if (GTK_IS_COLUMN_VIEW (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = gtk_widget_get_mapped (child) ? find_view (child) : NULL;

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
find_any_view (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWidget *view = NULL;

  for (guint i = 0; view == NULL && i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      view = gtk_widget_get_mapped (window) ? find_view (window) : NULL;
    }
  return view;
}

static gboolean
has_text (GtkWidget *widget)
{
  if (GTK_IS_INSCRIPTION (widget))
    {
      const char *text = gtk_inscription_get_text (GTK_INSCRIPTION (widget));

      return text != NULL && *text != '\0';
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_text (child))
      return TRUE;
  return FALSE;
}

/* The rows stand after the headers. */
static gboolean
shows_rows (GtkWidget *view)
{
  return view != NULL && has_text (gtk_widget_get_last_child (view));
}

static gboolean
shows_text (GtkWidget *widget, const char *text)
{
  const char *shown = GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget))
                      : GTK_IS_INSCRIPTION (widget)
                          ? gtk_inscription_get_text (GTK_INSCRIPTION (widget))
                          : NULL;

  if (shown != NULL && g_str_has_prefix (shown, text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (shows_text (child, text))
      return TRUE;
  return FALSE;
}

static gboolean
all_rows_show (GtkWidget *view, const char *text)
{
  GtkWidget *list = view != NULL ? gtk_widget_get_last_child (view) : NULL;
  guint n = 0;

  if (list == NULL)
    return FALSE;
  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      if (!gtk_widget_get_mapped (row))
        continue;
      if (!shows_text (row, text))
        return FALSE;
      n++;
    }
  return n > 0;
}

static gboolean
is_loading (void)
{
  GtkWidget *view = find_any_view ();
  GListModel *model =
      view != NULL ? G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (view))) : NULL;
  g_autoptr (GObject) list = NULL;
  gboolean loading = FALSE;

  if (model != NULL && g_object_class_find_property (G_OBJECT_GET_CLASS (model), "list") != NULL)
    g_object_get (model, "list", &list, NULL);
  if (list != NULL)
    g_object_get (list, "loading", &loading, NULL);
  return loading;
}

/* --- frames --- */

static void
before_paint_cb (GdkFrameClock *clock, gpointer user_data)
{
  frame_started = g_get_monotonic_time ();
}

static void
after_paint_cb (GdkFrameClock *clock, GtkWidget *window)
{
  gint64 now = g_get_monotonic_time ();

  last_frame = now;
  marks.n_frames++;
  marks.frame = MAX (marks.frame, now - frame_started);
  if (first_frame == 0 && gtk_widget_get_mapped (window))
    first_frame = now;
  if (first_rows == 0 && gtk_widget_get_mapped (window) && shows_rows (find_view (window)))
    first_rows = now;
  if (waiting != NULL && all_rows_show (find_view (window), wanted))
    {
      g_autofree char *text = g_strdup_printf ("{\"at\":%" G_GINT64_FORMAT "}", now);

      answer (g_steal_pointer (&waiting), text);
    }
}

static void
watch_window (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  g_signal_connect_object (clock, "before-paint", G_CALLBACK (before_paint_cb), window, 0);
  g_signal_connect_object (clock, "after-paint", G_CALLBACK (after_paint_cb), window,
                           G_CONNECT_AFTER);
}

static void
windows_changed_cb (GListModel *windows, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (gtk_widget_get_realized (window))
        watch_window (window);
      else
        g_signal_connect_after (window, "realize", G_CALLBACK (watch_window), NULL);
    }
}

/* --- questions --- */

static void listen_on (Client *client);

static void
client_free (Client *client)
{
  g_object_unref (client->input);
  g_object_unref (client->connection);
  g_free (client);
}

static void
answer (Client *client, const char *text)
{
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (client->connection));

  /* The benchmark reads at once, so this does not wait. */
  if (g_output_stream_write_all (output, line, strlen (line), NULL, NULL, NULL))
    listen_on (client);
  else
    client_free (client);
}

static gboolean
settle_cb (gpointer data)
{
  if (g_get_monotonic_time () - last_frame < QUIET * 1000 || is_loading ())
    return G_SOURCE_CONTINUE;
  answer (g_steal_pointer (&settling), "{}");
  return G_SOURCE_REMOVE;
}

static void
line_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Client *client = user_data;
  g_autofree char *line = g_data_input_stream_read_line_finish (client->input, result, NULL, NULL);
  g_autofree char *text = NULL;

  if (line == NULL)
    {
      client_free (client);
      return;
    }
  if (g_str_equal (line, "settle"))
    {
      settling = client;
      g_timeout_add (20, settle_cb, NULL);
      return;
    }
  if (g_str_has_prefix (line, "rows "))
    {
      waiting = client;
      g_free (wanted);
      wanted = g_strdup (line + strlen ("rows "));
      return;
    }
  if (g_str_equal (line, "mark"))
    {
      text = g_strdup_printf ("{\"wall\":%" G_GINT64_FORMAT ",\"cpu\":%" G_GINT64_FORMAT
                              ",\"turns\":%u,\"frames\":%u,\"frame\":%" G_GINT64_FORMAT "}",
                              marks.wall, marks.cpu, marks.n_turns, marks.n_frames, marks.frame);
      memset (&marks, 0, sizeof marks);
    }
  else
    text = g_strdup_printf ("{\"frame\":%" G_GINT64_FORMAT ",\"rows\":%" G_GINT64_FORMAT "}",
                            first_frame, first_rows);
  answer (client, text);
}

static void
listen_on (Client *client)
{
  g_data_input_stream_read_line_async (client->input, G_PRIORITY_DEFAULT, NULL, line_cb, client);
}

static gboolean
incoming_cb (GSocketService *unused,
             GSocketConnection *connection,
             GObject *source_object,
             gpointer user_data)
{
  Client *client = g_new0 (Client, 1);

  client->connection = g_object_ref (connection);
  client->input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  listen_on (client);
  return TRUE;
}

static gboolean
begin_cb (gpointer user_data)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (g_getenv ("AC_TRACE_SOCKET"));
  g_autoptr (GError) error = NULL;
  GListModel *windows = gtk_window_get_toplevels ();

  if (g_getenv ("AC_TRACE_LONG") != NULL)
    long_turn = g_ascii_strtoll (g_getenv ("AC_TRACE_LONG"), NULL, 10);
  real_poll = g_main_context_get_poll_func (NULL);
  g_main_context_set_poll_func (NULL, poll_cb);
  g_signal_connect (windows, "items-changed", G_CALLBACK (windows_changed_cb), NULL);
  windows_changed_cb (windows, 0, 0, g_list_model_get_n_items (windows));
  service = g_socket_service_new ();
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error))
    g_error ("The trace cannot listen: %s", error->message);
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), NULL);
  g_socket_service_start (service);
  return G_SOURCE_REMOVE;
}

void
g_io_module_load (GIOModule *module)
{
  /* GIO would let go of a module that offers nothing. */
  g_type_module_use (G_TYPE_MODULE (module));
  /* This may be any thread, and before GTK is initialised; but before the first frame. */
  if (g_getenv ("AC_TRACE_SOCKET") != NULL)
    g_idle_add_full (G_PRIORITY_HIGH, begin_cb, NULL, NULL);
}

void
g_io_module_unload (GIOModule *module)
{
}

char **
g_io_module_query (void)
{
  return g_new0 (char *, 1);
}
