/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-page-tab.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcPageTab
{
  GtkToggleButton parent_instance;

  GtkLabel *title;
  GtkLabel *count;
  gboolean numbered; /* there is always a number, sooner or later: its room is kept */
  guint reveal;      /* brings it into sight; 0: nothing does */
  guint patience;    /* frames for which it is waited for its place */
};

G_DEFINE_FINAL_TYPE (AcPageTab, ac_page_tab, GTK_TYPE_TOGGLE_BUTTON)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_NUMBERED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Tabs that have no room beside each other scroll. A tab has its place after the next layout. */
static gboolean
reveal_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  AcPageTab *self = AC_PAGE_TAB (widget);
  GtkWidget *scroller = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  graphene_rect_t place;

  if (gtk_widget_get_width (widget) == 0 && self->patience-- > 0)
    return G_SOURCE_CONTINUE;
  if (scroller != NULL &&
      gtk_widget_compute_bounds (widget, gtk_widget_get_parent (widget), &place))
    gtk_adjustment_clamp_page (gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (scroller)),
                               place.origin.x, place.origin.x + place.size.width);
  self->reveal = 0;
  return G_SOURCE_REMOVE;
}

static void
active_cb (AcPageTab *self)
{
  if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self)) && self->reveal == 0)
    {
      self->patience = 10;
      self->reveal = gtk_widget_add_tick_callback (GTK_WIDGET (self), reveal_cb, NULL, NULL);
    }
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_SELECTED,
                               (gboolean)gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self)),
                               -1);
}

static void
set_title (AcPageTab *self, const char *title)
{
  gtk_label_set_text (self->title, title != NULL ? title : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_text (self->title), -1);
}

static void
ac_page_tab_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, gtk_label_get_text (AC_PAGE_TAB (object)->title));
      break;
    case PROP_NUMBERED:
      g_value_set_boolean (value, AC_PAGE_TAB (object)->numbered);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_page_tab_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_TITLE:
      set_title (AC_PAGE_TAB (object), g_value_get_string (value));
      break;
    case PROP_NUMBERED:
      AC_PAGE_TAB (object)->numbered = g_value_get_boolean (value);
      ac_page_tab_set_count (AC_PAGE_TAB (object), -1);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_page_tab_class_init (AcPageTabClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ac_page_tab_get_property;
  object_class->set_property = ac_page_tab_set_property;
  properties[PROP_TITLE] =
      g_param_spec_string ("title", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NUMBERED] = g_param_spec_boolean ("numbered", NULL, NULL, FALSE,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, AC_UI_RESOURCE_PATH "/ac-page-tab.ui");
  gtk_widget_class_bind_template_child (widget_class, AcPageTab, title);
  gtk_widget_class_bind_template_child (widget_class, AcPageTab, count);
  gtk_widget_class_bind_template_callback (widget_class, active_cb);
}

static void
ac_page_tab_init (AcPageTab *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  active_cb (self);
}

/**
 * ac_page_tab_set_count:
 * @count: how many things stand under the tab; -1: that is not known
 */
void
ac_page_tab_set_count (AcPageTab *self, gint64 count)
{
  g_autofree char *number = count >= 0 ? ac_wording_number ((guint64)count) : g_strdup ("");
  g_autofree char *description = count >= 0 ? ac_wording_actions ((guint64)count) : g_strdup ("");

  g_return_if_fail (AC_IS_PAGE_TAB (self));

  gtk_label_set_text (self->count, number);
  gtk_widget_set_visible (GTK_WIDGET (self->count), count >= 0 || self->numbered);
  gtk_widget_set_opacity (GTK_WIDGET (self->count), count >= 0 ? 1 : 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description, -1);
}
