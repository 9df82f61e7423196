/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-time.h"
#include "window/ac-filter-chips.h"
#include "window/ac-filter-popover.h"

/* A filter with more values is one chip. */
#define MOST_CHIPS 3

struct _AcFilterChips
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkBox *box;

  AcActionTab *tab;     /* nullable; owned */
  AcActionQuery *shown; /* nullable; owned; of which they tell */
  AcTimeRangeKind shown_range;
};

G_DEFINE_FINAL_TYPE (AcFilterChips, ac_filter_chips, GTK_TYPE_WIDGET)

/* A chip goes at the press and not with the list that it filtered: two presses in a row take two.
 */
static void
take_away (AcFilterChips *self, GtkWidget *chip)
{
  GtkWidget *next = gtk_widget_get_next_sibling (chip);

  if (next == NULL)
    next = gtk_widget_get_prev_sibling (chip);
  if (next != NULL && gtk_widget_is_focus (chip))
    gtk_widget_grab_focus (next);
  gtk_box_remove (self->box, chip);
  gtk_widget_set_visible (GTK_WIDGET (self), next != NULL);
  /* Not all of it is told any more. */
  g_clear_object (&self->shown);
}

static void
remove_cb (GtkButton *button, AcFilterChips *self)
{
  AcFilter filter = (AcFilter)GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "ac-filter"));
  const char *value = g_object_get_data (G_OBJECT (button), "ac-value");
  const char *const *chosen =
      ac_action_query_get_filter (ac_action_tab_get_query (self->tab), filter);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) values = NULL;

  for (guint i = 0; value != NULL && chosen != NULL && chosen[i] != NULL; i++)
    if (g_strcmp0 (chosen[i], value) != 0)
      g_strv_builder_add (builder, chosen[i]);
  values = g_strv_builder_end (builder);
  take_away (self, GTK_WIDGET (button));
  ac_action_tab_set_filter (self->tab, filter, (const char *const *)values);
}

static void
remove_range_cb (GtkButton *button, AcFilterChips *self)
{
  const AcTimeRange all = { .kind = AC_TIME_RANGE_ALL, .from = AC_TIME_NONE, .to = AC_TIME_NONE };

  take_away (self, GTK_WIDGET (button));
  ac_action_tab_set_range (self->tab, &all);
}

static GtkWidget *
add_chip (AcFilterChips *self, const char *text, GCallback callback)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (text);
  /* Translators: what a filter says */
  g_autofree char *name = g_strdup_printf (_ ("Remove the filter “%s”"), text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 32);
  /* In a bar without room the chips scroll rather than shrink to dots. */
  gtk_label_set_width_chars (GTK_LABEL (label), (int)MIN (g_utf8_strlen (text, -1), 16));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("ac-close-symbolic"));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "chip");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect (button, "clicked", callback, self);
  gtk_box_append (self->box, button);
  return button;
}

static void
add_filter (AcFilterChips *self, AcFilter filter, const char *const *values)
{
  const char *title = ac_filter_popover_get_title (filter);
  AcVocabulary vocabulary = ac_filter_vocabulary (filter);
  guint n = g_strv_length ((GStrv)values);

  for (guint i = 0; i < n; i++)
    {
      const char *value = vocabulary != AC_VOCABULARY_NONE
                              ? ac_vocabulary_label (vocabulary, values[i])
                              : values[i];
      g_autofree char *text = NULL;
      GtkWidget *chip;

      if (n > MOST_CHIPS)
        /* Translators: a column, and how many values it is filtered by */
        text = g_strdup_printf (ngettext ("%1$s: %2$u value", "%1$s: %2$u values", n), title, n);
      else
        /* Translators: a column, and the value it is filtered by */
        text = g_strdup_printf (_ ("%1$s: %2$s"), title, value);
      chip = add_chip (self, text, G_CALLBACK (remove_cb));
      g_object_set_data (G_OBJECT (chip), "ac-filter", GINT_TO_POINTER (filter));
      if (n > MOST_CHIPS)
        break;
      g_object_set_data_full (G_OBJECT (chip), "ac-value", g_strdup (values[i]), g_free);
    }
}

/* Each word that is typed into the search makes another query with the same filters. */
static gboolean
tells_of (AcFilterChips *self, AcActionQuery *query, const AcTimeRange *range)
{
  /* The days of a custom range are told in the person's time, which may be another one now. */
  if (self->shown == NULL || query == NULL || range == NULL ||
      range->kind == AC_TIME_RANGE_CUSTOM || range->kind != self->shown_range)
    return FALSE;
  for (guint i = 0; i < AC_N_FILTERS; i++)
    {
      const char *const *before = ac_action_query_get_filter (self->shown, (AcFilter)i);
      const char *const *now = ac_action_query_get_filter (query, (AcFilter)i);

      if ((before == NULL) != (now == NULL) || (now != NULL && !g_strv_equal (before, now)))
        return FALSE;
    }
  return TRUE;
}

/* Which of them has the focus; -1: none. */
static int
get_focus_index (AcFilterChips *self)
{
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self->box));
  int index = -1;

  for (; focus != NULL; focus = gtk_widget_get_prev_sibling (focus))
    index++;
  return index;
}

/* Whoever has taken one away with the keyboard goes on with the next. */
static void
set_focus_index (AcFilterChips *self, int index)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->box));

  while (index-- > 0 && child != NULL && gtk_widget_get_next_sibling (child) != NULL)
    child = gtk_widget_get_next_sibling (child);
  if (child != NULL)
    gtk_widget_grab_focus (child);
}

/**
 * ac_filter_chips_update:
 *
 * Has the chips tell of what the tab is filtered by now.
 */
void
ac_filter_chips_update (AcFilterChips *self)
{
  AcActionQuery *query;
  const AcTimeRange *range;
  GtkWidget *child;
  int focus;

  g_return_if_fail (AC_IS_FILTER_CHIPS (self));

  query = self->tab != NULL ? ac_action_tab_get_query (self->tab) : NULL;
  range = self->tab != NULL ? ac_action_tab_get_range (self->tab) : NULL;
  if (tells_of (self, query, range))
    return;
  g_set_object (&self->shown, query);
  self->shown_range = range != NULL ? range->kind : AC_TIME_RANGE_ALL;
  focus = get_focus_index (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  if (range != NULL && range->kind != AC_TIME_RANGE_ALL)
    {
      g_autofree char *text = ac_time_range_describe (range);

      add_chip (self, text, G_CALLBACK (remove_range_cb));
    }
  for (guint i = 0; query != NULL && i < AC_N_FILTERS; i++)
    {
      const char *const *values = ac_action_query_get_filter (query, (AcFilter)i);

      if (values != NULL)
        add_filter (self, (AcFilter)i, values);
    }
  gtk_widget_set_visible (GTK_WIDGET (self),
                          gtk_widget_get_first_child (GTK_WIDGET (self->box)) != NULL);
  if (focus >= 0)
    set_focus_index (self, focus);
}

static void
ac_filter_chips_dispose (GObject *object)
{
  AcFilterChips *self = AC_FILTER_CHIPS (object);

  g_clear_object (&self->tab);
  g_clear_object (&self->shown);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_filter_chips_parent_class)->dispose (object);
}

static void
ac_filter_chips_class_init (AcFilterChipsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_filter_chips_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
ac_filter_chips_init (AcFilterChips *self)
{
  GtkScrolledWindow *scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());

  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  self->scroller = GTK_WIDGET (scroller);
  /* External: it scrolls with the wheel and the focus, and no bar stands over the chips. */
  gtk_scrolled_window_set_policy (scroller, GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (scroller, GTK_WIDGET (self->box));
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Filters in force"), -1);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * ac_filter_chips_set_tab:
 * @tab: (nullable): of whose filters to tell, each time ac_filter_chips_update() is called
 */
void
ac_filter_chips_set_tab (AcFilterChips *self, AcActionTab *tab)
{
  g_return_if_fail (AC_IS_FILTER_CHIPS (self));

  g_set_object (&self->tab, tab);
  ac_filter_chips_update (self);
}
